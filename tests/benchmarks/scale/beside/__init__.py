"""Other tools beside ours, on the same invented rows: what each costs, and what it finds of what was planted."""
