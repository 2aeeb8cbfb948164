"""Ten million rows: files in the layouts of the largest sources, all invented, and what a build of them costs."""
