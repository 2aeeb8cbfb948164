"""What differs between two releases, or a release and a build: rows by task and split, with their causes."""
