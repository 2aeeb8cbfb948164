"""Answers of models and their scores, as files."""
