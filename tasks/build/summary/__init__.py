"""What a build says of itself in a few lines: for Prefect's UI, and for messages to people."""
