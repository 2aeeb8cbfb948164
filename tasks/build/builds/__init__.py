"""What a build is asked for, what it has, and when it ran."""
