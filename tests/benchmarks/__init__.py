"""Benchmarks of the data path: `make bench`. They print figures and assert nothing."""
