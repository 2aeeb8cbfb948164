"""A page to look at the samples of a release or benchmark, at what was found about them, and at answers of models."""
