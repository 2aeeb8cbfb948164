"""Where the rows behind a number are: the address of a page of the explorer, without its beginning.

Served by `medinst explore`, a page makes links of them; in a file, `rows.js` shows the commands that give the rows.
"""

from urllib.parse import urlencode


def samples(**filters: str) -> str:
    """Samples by the filters of the explorer."""
    return _place("samples", filters)


def rejects(**filters: str) -> str:
    """Rejects by their columns."""
    return _place("rejects", filters)


def overlap(**columns: str) -> str:
    """Lines of the table `overlap`, which the explorer does not show."""
    return _place("overlap", columns)


def leaks(test: str, kind: str = "any", other: str = "") -> str:
    """Samples of a test that training samples leak into.

    Args:
        test: the task.
        kind: how; `any` for every kind.
        other: the training task; empty for any.
    """
    return samples(task=test, leak="test", kind="" if kind == "any" else kind, other=other)


def _place(page: str, filters: dict[str, str]) -> str:
    return f"{page}?{urlencode({name: value for name, value in filters.items() if value})}"
