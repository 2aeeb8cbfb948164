"""Evaluation: asking a model the questions of the benchmark, so that it can be stopped at any moment.

Answers are appended one by one to `predictions.jsonl`, keyed by the sample and by everything that shapes the answer.
What is there is never asked again.
"""
