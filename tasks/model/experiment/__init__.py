"""Experiments: one model, several ways of training, several seeds, the same tests."""
