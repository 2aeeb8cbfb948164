"""The answer grammar: how labels are written as the text of an answer, and how that text is parsed."""
