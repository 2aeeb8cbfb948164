"""What can be wrong with a bucket, each as one sentence with what to do about it."""

import asyncio
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from schemas.errors import BucketDenied, BucketError

_LIBRARIES = ("botocore", "aiobotocore", "aiohttp")
_BUSY = {"SlowDown", "ServiceUnavailable", "RequestLimitExceeded", "TooManyRequests", "Throttling", "429", "503"}
_BROKEN = {"InternalError", "RequestTimeout", "500", "502", "504"}
_DENIED = {
    *("AccessDenied", "AllAccessDisabled", "AccountProblem", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken"),
    *("SignatureDoesNotMatch", "RequestTimeTooSkewed", "TokenRefreshRequired", "NotSignedUp", "401", "403"),
}
_ANSWERS = {
    *("NoSuchKey", "NoSuchUpload", "NoSuchVersion", "404", "PreconditionFailed", "412", "InvalidRange", "416"),
    *("ConditionalRequestConflict", "409", "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "304"),
    *("NotImplemented", "501", "MethodNotAllowed", "405"),
}
"""What is no fault of the store but an answer to what was asked."""


class Fault(Enum):
    """What is wrong; `passes` says whether waiting may help."""

    AWAY = "does not answer ({why}). Look whether the store runs and AWS_ENDPOINT_URL is right"
    BUSY = "has too much to do ({why}). Wait a while, ask for less at once (--workers 1)"
    BROKEN = "fails ({why}). Look at the store's own log"
    MISSING = "is not there. Create it (aws s3 mb s3://{bucket}), or correct its name"
    DENIED = "refuses `{method}` ({why}). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do there"
    REFUSES = "refuses `{method}` ({why}). Look at its settings: quota, versions, retention"
    UNUSABLE = "cannot be asked: {why}. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the address"

    @property
    def passes(self) -> bool:
        """Whether it may be over soon."""
        return self in (Fault.AWAY, Fault.BUSY, Fault.BROKEN)

    def error(self, error: BaseException, method: str, bucket: str, endpoint: str) -> BucketError:
        """The error to raise for it.

        Args:
            error: what the library raised.
            method: what was asked of the store.
            bucket: the bucket's name.
            endpoint: the store's address.
        """
        where = urlsplit(endpoint).netloc.rpartition("@")[2]
        name = (f"The bucket `{bucket}`" if bucket else "The store") + (f" of {where}" if where else "")
        said = self.value.format(why=_why(error), method=method, bucket=bucket)
        kind = BucketDenied if self is Fault.DENIED else BucketError
        return kind(f"{name} {said}, then run the same command again.", fault=self.name)


def fault_of(error: BaseException) -> Fault | None:
    """What an error says of the store; None where the store answered, or was not asked."""
    if isinstance(error, BucketError):
        return None
    if (answer := _answer(error)) is not None:
        return _of_code(str(answer.get("Code", "")))
    if isinstance(error, asyncio.IncompleteReadError | TimeoutError | ConnectionError):
        return Fault.AWAY
    if type(error).__module__.partition(".")[0] not in _LIBRARIES:
        return None
    return Fault.AWAY if _is_transport(error) else Fault.UNUSABLE


def _of_code(code: str) -> Fault | None:
    known = {"NoSuchBucket": Fault.MISSING, "InvalidBucketName": Fault.UNUSABLE}
    known |= dict.fromkeys(_BUSY, Fault.BUSY) | dict.fromkeys(_BROKEN, Fault.BROKEN)
    known |= dict.fromkeys(_DENIED, Fault.DENIED)
    return None if code in _ANSWERS else known.get(code, Fault.REFUSES)


def _answer(error: BaseException) -> dict[str, Any] | None:
    """What the store said is wrong; None where it has not answered."""
    response: Any = getattr(error, "response", None) or getattr(error.__cause__, "response", None)
    return response["Error"] if isinstance(response, dict) and "Error" in response else None


def _is_transport(error: BaseException) -> bool:
    from aiohttp import ClientError
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.exceptions import HTTPClientError, IncompleteReadError
    from botocore.parsers import ResponseParserError

    return isinstance(error, ClientError | NoConnection | HTTPClientError | IncompleteReadError | ResponseParserError)


def _why(error: BaseException) -> str:
    """The store's or the library's words, on one line, without the address and without a stop at the end."""
    answer = _answer(error)
    said = ": ".join(str(answer[part]) for part in ("Code", "Message") if answer.get(part)) if answer else str(error)
    return " ".join(said.partition(': "http')[0].split()).rstrip(".") or type(error).__name__
