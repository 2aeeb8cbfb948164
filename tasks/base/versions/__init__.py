"""Published versions of every kind: releases, benchmarks, mixtures, exports and models.

A version is a folder that appears whole and never changes; its manifest, written last, makes it complete. Beside the
versions of one thing, `latest.json` names the one that readers follow.
"""
