"""Asking the Hub: a client with the proxies and certificates of the environment, and its refusals in sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schemas.errors import PublishError
from tasks.base.network.certificates import certificates
from tasks.build.hub.address import HubDataset, is_safe, token

if TYPE_CHECKING:
    from huggingface_hub import HfApi

TIMEOUT, LONGEST = 60.0, 600.0
"""Seconds without a byte after which a connection is given up, and that the answer to a commit may take."""

_SAID = 300
"""Characters of the Hub's own words that a message repeats."""

_NOBODY = "it does not say to everybody whether the dataset is there. Set HF_TOKEN to an access token"

_STATUSES = {
    401: "the token is not accepted. Set HF_TOKEN to a valid access token",
    403: "the token may not do this. It needs the right to write to the dataset, and the owner's consent if that is an "
    "organization",
    404: "the dataset or the version is not there, or the token may not see it. Check the owner and the name",
    409: "somebody else is changing the dataset. Wait for them to finish",
    412: "somebody else has changed the dataset in the meantime. Look at what they did",
    413: "a file is too large for it",
    429: "too many requests. Wait a few minutes",
}


def client(dataset: HubDataset) -> "HfApi":
    """The Hub's own client, which knows only the token of `HF_TOKEN`, not one that a login has left on this machine."""
    import huggingface_hub as hub
    from huggingface_hub.utils import disable_progress_bars, logging

    # Files go by LFS, whose requests use our client. The newer way, Xet, is a library of its own that knows neither our
    # certificates nor a Hub other than the public one.
    hub.constants.HF_HUB_DISABLE_XET = True
    hub.set_client_factory(_http)
    disable_progress_bars()
    logging.set_verbosity_error()  # warnings name addresses that are signed
    return hub.HfApi(endpoint=dataset.endpoint, token=token() or False)


def _http() -> Any:
    import httpx2
    from huggingface_hub.utils._http import hf_request_event_hook

    hooks = {"request": [hf_request_event_hook, _refuse_unsafe]}
    timeout = httpx2.Timeout(TIMEOUT, read=LONGEST)
    return httpx2.Client(verify=certificates(), timeout=timeout, follow_redirects=True, event_hooks=hooks)


def _refuse_unsafe(request: Any) -> None:
    if not is_safe(str(request.url)):
        raise PublishError(f"The Hub leads to {request.url.scheme}://{request.url.host}, which is not encrypted.")


@contextmanager
def asking(dataset: HubDataset, kept: str) -> Iterator[None]:
    """A block whose requests, where they fail, end in a sentence.

    Args:
        dataset: what is asked for.
        kept: a sentence on what is there now and how to go on.

    Raises:
        PublishError: the Hub does not answer, or refuses.
    """
    try:
        yield
    except PublishError:
        raise
    except Exception as error:
        if (why := _why(error)) is None:
            raise
        # Not chained: what the client says names addresses that are signed.
        raise PublishError(f"{dataset.page}: {why}. {kept}", url=dataset.url) from None


def _why(error: BaseException | None) -> str | None:
    """What an error of the client means; None for a bug."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    if isinstance(error, OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set, so that the Hub is not asked. Unset it"
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        said = f" (it says: {words})" if (words := _words(error)) else ""
        return f"the Hub answers {status}: {_meaning(status)}{said}"
    if isinstance(error, httpx2.HTTPError):
        return f"the Hub does not answer ({type(error).__name__})"
    if isinstance(error, RuntimeError) and error.__cause__ is not None:  # of an upload
        return _why(error.__cause__)
    if isinstance(error, ValueError):
        return f"the Hub does not take the release: {_plain(str(error))}"
    return None


def _meaning(status: int) -> str:
    if status == 401 and token() is None:
        return _NOBODY
    return _STATUSES.get(status) or ("it fails. Wait a few minutes" if status >= 500 else "it refuses")


def _words(error: Any) -> str:
    return _plain(error.server_message or "")


def _plain(said: str) -> str:
    """Words of the Hub in one line, without the token should they repeat it."""
    line = " ".join(said.split())
    return line.replace(secret, "…")[:_SAID].rstrip(".") if (secret := token()) else line[:_SAID].rstrip(".")
