"""Clean-ups of texts: what each finds to change, and how annotated documents and rows change with it."""
