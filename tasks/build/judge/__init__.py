"""Measure a build and hold it against the expectations."""
