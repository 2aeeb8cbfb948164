"""Fetch: the files of a source come into the root, from its declared addresses or from mirrors.

Every file is stored once under its sha256 and compared with the locks on the way in. A file that cannot be fetched is
withheld with the reason: it asks for a registration, no mirror holds it, or its servers fail now. Of the last kind the
last good bytes are used where the root has them, so that a bad night loses nothing.
"""
