"""Fingerprints: a stage is done anew exactly when something that shapes its result has changed."""

import ast
import hashlib
import importlib.util
import json
import threading
from functools import cache
from pathlib import Path

from pydantic import BaseModel

_turn = threading.Lock()
"""Python 3.11 fails now and then when two threads make syntax trees at once (CPython issue 106905)."""


def fingerprint(*parts: object) -> str:
    """Hash what shapes a stage: 16 hexadecimal digits of the SHA-256 of the parts as JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_plain).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return {"": type(value).__name__, **value.model_dump(mode="python")}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if callable(value):
        return [value.__module__, value.__qualname__, _code(value.__module__)]
    raise TypeError(f"{type(value).__name__} has no place in a fingerprint")


@cache
def code_version(*modules: str) -> str:
    """Hash the code of modules as it runs: comments, docstrings and layout do not count.

    Args:
        modules: dotted names of modules whose change must rebuild a stage.
    """
    return fingerprint([_code(module) for module in modules])


def _code(module: str) -> str:
    with _turn:
        return _dump(module)


def _dump(module: str) -> str:
    spec = importlib.util.find_spec(module)
    assert spec is not None, module
    assert spec.origin is not None, module
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [statement for statement in body if not _describes(statement)]
    return ast.dump(tree)


def _describes(statement: ast.stmt) -> bool:
    """Whether a statement only describes: a docstring, also one below a constant, or a declaration.

    What shapes data in a declaration (`SOURCE`) is hashed by its value.
    """
    if isinstance(statement, ast.Assign):
        return [ast.unparse(target) for target in statement.targets] == ["SOURCE"]
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
