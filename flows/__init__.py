"""What runs, in which order. No logic."""
