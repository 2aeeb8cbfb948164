"""The foundation of the other wings: the root, the paper's tables, licences, pages, predictions."""
