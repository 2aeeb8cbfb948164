"""Scoring: the metrics of `medinst_eval/metrics/` for the predictions of a model, task by task, with intervals."""
