"""The steps: each a thin Prefect task over pure functions in the same file."""
