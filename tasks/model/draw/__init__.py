"""Seeded draws of samples."""
