"""What a root holds that nothing needs any more: finding it, and removing it."""
