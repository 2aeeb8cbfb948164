"""Tools for people: the story of a record, and help with declarations of sources."""
