"""The text of a file, decoded as declared."""

from schemas.errors import FormatError
from schemas.formats import Encoding
from tasks.unpack import Member


def decode(member: Member, encoding: Encoding) -> str:
    """Decode a file; a byte order mark of UTF-8 is skipped, line ends are kept.

    Raises:
        FormatError: a byte is not text in the declared encoding; the message names the byte's place.
    """
    data = member.path.read_bytes()
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding.replace("-", "_"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"`{member.name}`, line {line}, byte {error.start}: 0x{data[error.start]:02x} is not text in {encoding}. "
            "If the file is in another encoding, declare it: `encoding=` of the format.",
            file=member.name,
            line=line,
        ) from error


def lines(member: Member, encoding: Encoding) -> list[str]:
    """The lines of a file without their ends: only LF and CRLF end a line."""
    text = decode(member, encoding)
    found = text.replace("\r\n", "\n").split("\n")
    return found[:-1] if found and not found[-1] else found
