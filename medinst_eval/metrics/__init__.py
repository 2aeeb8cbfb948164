"""Metrics: answers of models against gold answers, as the paper defines it and as it should be.

Two sets stand side by side. `paper` follows the published definitions to the last digit, with their defects, so that
results can be compared with published ones. `strict` parses answers by the grammar they were asked for. Each metric is
a sum over samples (`statistics.py`), which gives its interval and the comparison of two models.
"""
