"""The drift gate: what a build is compared with, how far it moved, and what people accepted of that.

Nothing of it enters a release: a release depends on its content alone, not on the one before it.
"""
