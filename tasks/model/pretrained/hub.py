"""Models of the Hugging Face Hub, at a pinned commit, every file compared with the Hub's hash of it."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import ModelError
from schemas.pretrained import Pretrained, Snapshot

if TYPE_CHECKING:
    from huggingface_hub.utils import FolderVerification

CACHE = ".cache"
"""What huggingface_hub keeps beside the files while it downloads, so that it can go on after an interruption."""

_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "*.md", "LICENSE*", "NOTICE*"]
_LEFT_OUT = ["*/*"]
"""Files of a repository that transformers reads, and the terms; copies in other formats are in folders."""


def download(model: Pretrained, source: Snapshot, folder: Path) -> None:
    """Download a model; what is there already from an interrupted download is used.

    Raises:
        ModelError: the Hub does not answer, refuses, or sends other bytes than it announces.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.utils import disable_progress_bars, logging

    logging.set_verbosity_error()  # it would tell each of its attempts
    if not sys.stderr.isatty():
        disable_progress_bars()
    where: dict[str, Any] = {"repo_id": source.repo, "revision": source.revision, "local_dir": folder}
    with _refusals(model, source.repo):
        snapshot_download(**where, allow_patterns=_WANTED, ignore_patterns=_LEFT_OUT)
        checked = HfApi().verify_repo_checksums(**where)
    if wrong := _removed(checked, folder):
        raise ModelError(
            f"{source.repo}: {', '.join(wrong)} did not arrive as the Hub announces it. The other files are kept. "
            f"Go on with: medinst model fetch {model.name}"
        )
    shutil.rmtree(folder / CACHE, ignore_errors=True)


def _removed(checked: "FolderVerification", folder: Path) -> list[str]:
    """Remove what is wrong or of another commit.

    Returns:
        the files that are wrong or missing.
    """
    wrong = [each["path"] for each in checked.mismatches]
    for name in (*checked.extra_paths, *wrong):
        (folder / name).unlink()
    lacking = (name for name in checked.missing_paths if "/" not in name)
    return [*wrong, *(name for name in lacking if any(fnmatch(name, pattern) for pattern in _WANTED))]


@contextmanager
def _refusals(model: Pretrained, repo: str) -> Iterator[None]:
    """A block whose requests, where they fail, end in a sentence."""
    import httpx2
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    sentences: dict[type[Exception], str] = {
        GatedRepoError: f"the Hub gives it only to those who accept its licence ({model.licence}). Accept it on the "
        "model's page, log in (hf auth login, or set HF_TOKEN)",
        RepositoryNotFoundError: "the Hub does not have it, or does not show it to you. Log in (hf auth login, or set "
        "HF_TOKEN)",
        OfflineModeIsEnabled: "HF_HUB_OFFLINE is set. Unset it",
        HfHubHTTPError: "the Hub does not answer as expected ({}). Wait a little",
        LocalEntryNotFoundError: "the Hub does not answer ({}). Check the network",
        httpx2.HTTPError: "the Hub does not answer ({}). Check the network; what was downloaded is kept",
    }
    try:
        yield
    except tuple(sentences) as error:
        words = next(said for kind, said in sentences.items() if isinstance(error, kind))
        if isinstance(error.__cause__, OfflineModeIsEnabled):
            words = sentences[OfflineModeIsEnabled]
        raise ModelError(
            f"{repo}: {words.format(_first(error.__cause__ or error))}, then: medinst model fetch {model.name}"
        ) from error


def _first(error: BaseException) -> str:
    """The first paragraph of what a library says."""
    return " ".join(str(error).split("\n\n")[0].split()).removesuffix(".")[:300] or type(error).__name__
