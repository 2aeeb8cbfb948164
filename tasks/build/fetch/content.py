"""Content: how a downloaded file must begin, so that a server's error is not taken for the file.

A server may say 200 and send nothing, a page, or an error as JSON or XML. A file that a lock pins needs none of this.
"""

import json
from pathlib import Path, PurePosixPath

_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".xlsx": (b"PK\x03\x04",),
    ".gz": (b"\x1f\x8b",),
    ".tgz": (b"\x1f\x8b",),
    ".bz2": (b"BZh",),
    ".xz": (b"\xfd7zXZ\x00",),
    ".7z": (b"7z\xbc\xaf\x27\x1c",),
    ".parquet": (b"PAR1",),
}
"""File name ending -> how such files begin."""

_MARKUP = (".xml", ".html", ".htm", ".xhtml", ".shtml", ".owl", ".rdf", ".sgml")
_LONGEST = 16 * 1024
"""Bytes of an error at most: a longer answer is data."""
_ERRORS = ("error", "errors", "message", "detail", "status_code")
"""Keys of which an error in JSON has one at its top."""


def wrong_content(path: Path, name: str) -> str:
    """What a file is instead of the one that its name promises; empty where it may be that.

    Args:
        path: the downloaded file.
        name: its name in the declaration.
    """
    size = path.stat().st_size
    if size == 0:
        return "nothing"
    with path.open("rb") as file:
        start = file.read(_LONGEST)
    suffix = PurePosixPath(name).suffix.lower()
    beginnings = _BEGINNINGS.get(suffix)
    if beginnings is not None and not start.startswith(beginnings):
        return f"bytes that do not begin like a {suffix} file: {start[:40]!r}"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if size <= _LONGEST and _is_xml_error(text):
        return f"an error in XML: {_shown(text)}"
    if size <= _LONGEST and _is_json_error(text):
        return f"an error in JSON: {_shown(text)}"
    if beginnings is None and suffix not in _MARKUP and text.startswith((b"<?xml", b"<!DOCTYPE")):
        return f"markup: {_shown(text)}"
    return ""


def _is_xml_error(text: bytes) -> bool:
    if not text.startswith((b"<?xml", b"<Error")):
        return False
    import lxml.etree

    try:
        root = lxml.etree.fromstring(text)
    except lxml.etree.XMLSyntaxError:
        return False
    return lxml.etree.QName(root).localname.lower() in ("error", "errorresponse", "exception", "serviceexception")


def _is_json_error(text: bytes) -> bool:
    if not text.startswith(b"{"):
        return False
    try:
        said = json.loads(text)
    except ValueError:
        return False
    return isinstance(said, dict) and len(said) <= 5 and any(said.get(key) for key in _ERRORS)


def _shown(text: bytes) -> str:
    return " ".join(text[:120].decode(errors="replace").split())
