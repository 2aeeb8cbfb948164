"""For people: why a record became what it is, and the declarations of sources."""
