"""Pretrained models: declared in `models.yml`, fetched once into a cache of the user, found there by name."""
