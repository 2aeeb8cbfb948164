"""The work, in four wings that stand on one another: base, build, model and tools."""
