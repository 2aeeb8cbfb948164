"""Publication: one immutable, self-describing folder per version, which appears whole or not at all.

A release depends on its content alone: no time, host or absolute path enters it, so equal content
gives equal bytes on every machine.
"""
