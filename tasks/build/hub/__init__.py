"""Releases on the Hugging Face Hub: one dataset repository, one commit and one tag for each version."""
