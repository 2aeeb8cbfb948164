"""The DuckDB catalogue: written once a build, asked read-only."""
