"""Diagnostics: what the annotations of a corpus look like, and what corpora and splits have in common."""
