"""The commands of `medinst`, one module each: they call flows and tasks and print what comes back."""
