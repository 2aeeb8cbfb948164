"""The root: files, versions, fingerprints, locks and the process pool."""
