"""Flows and commands: what runs, in which order. No logic."""
