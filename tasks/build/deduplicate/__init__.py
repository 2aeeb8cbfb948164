"""Leave out samples that occur twice."""
