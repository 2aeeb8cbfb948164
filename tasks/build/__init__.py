"""From an address to a release."""
