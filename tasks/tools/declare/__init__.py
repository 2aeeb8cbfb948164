"""Declarations of sources: scaffold, checks and generated pages."""
