"""Mixtures: training sets drawn from the samples of a build by a recipe.

A recipe is a small file (`recipe.py`) that chooses tasks (`selection.py`), says how much each gives (`quotas.py`) and
which samples may be drawn (`candidates.py`). Which are drawn (`draw.py`), and the order they are written in
(`shuffle.py`), go by the hash of the recipe's seed and a sample's id and depend on nothing else.
"""
