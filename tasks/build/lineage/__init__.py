"""Builds as OpenLineage events: which files went in, which datasets came out, and what the expectations found."""
