"""What agents may ask: the catalogue, samples and their stories, read-only, within limits."""
