"""The stages of a build, as plain functions and as Prefect tasks."""
