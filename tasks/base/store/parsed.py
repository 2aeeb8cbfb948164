"""A module as it counts for fingerprints: its code as it runs, what it imports, and the files that it may name."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")
_TURN = Lock()
"""Python 3.11 fails now and then when two threads make syntax trees at once (CPython issue 106905)."""


class Module(NamedTuple):
    """What counts of a module.

    Attributes:
        code: hash of the code as it runs: comments, docstrings and layout do not count.
        imports: modules, each with the names that are imported from it; None for the module itself.
        strings: constants that may be the name of a file or folder.
    """

    code: str
    imports: tuple[tuple[str, str | None], ...]
    strings: frozenset[str]


@cache
def parsed(text: bytes) -> Module:
    """What counts of the text of a module."""
    with _TURN:
        tree = _tree(text)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [statement for statement in body if not _describes(statement)]
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    code = sha256(ast.dump(tree).encode()).hexdigest()
    return Module(code, tuple(dict.fromkeys(_imports(tree))), frozenset(filter(_NAME.fullmatch, strings)))


def _tree(text: bytes) -> ast.Module:
    return ast.parse(text)


def _describes(statement: ast.stmt) -> bool:
    """Whether a statement only describes: a docstring, also one below a constant, or a declaration.

    What shapes data in a declaration (`SOURCE`) is hashed by its value.
    """
    if isinstance(statement, ast.Assign):
        return [ast.unparse(target) for target in statement.targets] == ["SOURCE"]
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _imports(node: ast.AST) -> Iterator[tuple[str, str | None]]:
    """What runs when a module does: module and name, without what only type checkers import."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, None) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.module is not None, "imports are absolute"
            yield from ((child.module, None if alias.name == "*" else alias.name) for alias in child.names)
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from (found for other in child.orelse for found in _imports(ast.Module([other], [])))
        else:
            yield from _imports(child)
