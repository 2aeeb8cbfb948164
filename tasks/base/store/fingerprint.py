"""Fingerprints: a stage is done anew exactly when something that shapes its result has changed."""

import hashlib
import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel

import sources
from tasks.base.store.closure import Project


def fingerprint(*parts: object) -> str:
    """Hash what shapes a stage: 16 hexadecimal digits of the SHA-256 of the parts as JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_plain).encode()).hexdigest()[:16]


def hashes(**parts: object) -> dict[str, str]:
    """Hash each of the parts that shape a stage: their fingerprint is its own, and they tell what has changed."""
    return {name: fingerprint(part) for name, part in parts.items()}


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return {"": type(value).__name__, **value.model_dump(mode="python")}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if callable(value):
        return [value.__module__, value.__qualname__, code_of(value.__module__)]
    raise TypeError(f"{type(value).__name__} has no place in a fingerprint")


def code_of(*modules: str) -> str:
    """Hash the code, data files and libraries that modules reach.

    Args:
        modules: `__name__` of the stage, and the modules that it finds by a registry. What they import is found.
    """
    return _code_of(sources.folders(), modules)


@cache
def _code_of(folders: tuple[Path, ...], modules: tuple[str, ...]) -> str:
    return fingerprint(_project(folders).mark(*modules))


@cache
def _project(folders: tuple[Path, ...]) -> Project:
    """The checkout with folders of one's own sources."""
    return Project(more={"sources": folders})
