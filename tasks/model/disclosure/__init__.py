"""The public summary of training content that Article 53(1)(d) of the EU's AI Act asks of providers of models."""
