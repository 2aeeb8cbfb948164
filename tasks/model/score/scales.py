"""Which main metrics can be averaged over tasks, and what a full bar stands for where that is not 1."""

LOWER_IS_BETTER = "mean squared error"
FULL = {"BLEU": 100.0, "chrF": 100.0, LOWER_IS_BETTER: 25.0}
"""Metrics whose best value is not 1, and what a full bar stands for. They have no place in a mean over tasks."""
