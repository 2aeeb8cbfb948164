"""What everything stands on: the root, the paper's tables, licences, pages, predictions."""
