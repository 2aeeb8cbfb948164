"""Errors that a user meets: the place, the expectation, the finding and the next command."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What an unknown name was probably meant to be, as a part of a message; empty where nothing is close.

    ```
    f"There is no source `{name}`{did_you_mean(name, registry())}. All sources: medinst sources"
    ```
    """
    spellings = sorted(known)
    close = get_close_matches(name.lower(), {each.lower() for each in spellings}, n=1, cutoff=0.5)
    if not close:
        return ""
    meant = get_close_matches(name, [each for each in spellings if each.lower() == close[0]], n=1, cutoff=0.0)
    return f" (did you mean `{meant[0]}`?)"


class MedinstError(Exception):
    """Base of all errors with a message for the user.

    Attributes:
        facts: the values that the message is made of, for programs.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class OutsideRoot(MedinstError, ValueError):
    """What should be a place in a root leads out of it."""


class Damaged(MedinstError, ValueError):
    """A file that the program itself wrote is not as it wrote it."""


class DeclarationError(MedinstError):
    """A declaration names something that is not there."""


class NetworkError(MedinstError):
    """The environment names a proxy or certificates that cannot be used, or a server that does not answer."""


class FetchError(MedinstError):
    """A file could not be brought into the root."""


class ChecksumMismatch(FetchError):
    """The bytes of a file are not those that the lock pins."""


class NotAFile(FetchError):
    """A web page came where a data file was due."""


class NotLocked(FetchError):
    """`--frozen` met an address that the lock does not pin."""


class Unavailable(FetchError):
    """No place of a file gives it now, though one of them should."""


class NoNetwork(FetchError):
    """No server can be reached from this machine."""


class Withheld(MedinstError):
    """A file may not or cannot be fetched now; the message says why and what to do about it."""


class ArchiveError(MedinstError):
    """An archive is damaged, encrypted, too large, or lacks a member."""


class FormatError(MedinstError):
    """A file is not in the declared format and no record can be saved from it."""


class CorrectionError(MedinstError):
    """A declared correction matches nothing, or not what it expects."""


class GateRefused(MedinstError):
    """A critical expectation failed, so nothing was published."""


class AcceptanceError(MedinstError):
    """Nothing is waiting to be accepted under a name, or the reason is missing."""


class PublishError(MedinstError):
    """A release could not be written to its place."""


class VersionError(MedinstError):
    """A published version is damaged, of another kind, or not there."""


class RootInUse(MedinstError):
    """Another build or command is writing into the same root or bucket."""


class BucketError(MedinstError, OSError):
    """The store of a bucket does not answer, or not as it should."""


class BucketDenied(BucketError, PermissionError):
    """The store of a bucket does not let us do what is needed."""


class LedgerError(MedinstError):
    """A file of a build cannot be counted."""


class QueryError(MedinstError):
    """A query of the catalogue failed or was not allowed."""


class EvaluationError(MedinstError):
    """A model could not be asked, or its predictions cannot be used."""


class FinetuneError(MedinstError):
    """A model could not be trained, or its recipe asks for what is not there."""


class ModelError(MedinstError):
    """A pretrained model is not declared, was not fetched, or could not be."""


class MixtureError(MedinstError):
    """A recipe names what is not there, contradicts itself, or leaves nothing to draw from."""


class ExportError(MedinstError):
    """A dataset cannot be written in another form."""


class GuardError(MedinstError):
    """A training set or a test cannot be read, so nothing can be said of it."""
