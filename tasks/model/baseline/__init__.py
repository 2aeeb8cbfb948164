"""Baselines: small models that are trained on the training split of one test, and answer it in our answer grammar."""
