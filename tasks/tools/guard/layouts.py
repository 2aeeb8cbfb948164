"""How rows are laid out: which of their values are texts, by the names of their columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.errors import GuardError

_ASIDE = frozenset({"role", "from", "type", "weight", "name", "tool_call_id"})
"""What a turn of a conversation has beside its text."""

_USER = frozenset({"user", "human", "prompter"})
"""Who asks in a conversation."""

_DOCUMENTS = {"document": "", "pmid": "pmid:", "pubmed_id": "pmid:", "pubid": "pmid:", "pmcid": "pmcid:", "doi": "doi:"}
"""Columns that name a publication -> how a release writes it."""

NAMED = "columns"
"""The layout whose columns a user named."""

_IDS = ("id", "prompt_id", "question_id", "qid", "uid", "pubid", "pmid")
"""Columns that name a row."""


class Layout(NamedTuple):
    """A layout of rows.

    Attributes:
        needs: the columns by which it is known.
        asks: where texts are: a column, or keys joined by a dot. Of a test only these are its texts.
        answers: where answers are; in a training set they are texts too.
    """

    name: str
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    answers: tuple[str, ...] = ()


LAYOUTS = (
    Layout("messages", ("messages",), ("messages",)),
    Layout("conversations", ("conversations",), ("conversations",)),
    Layout("conversation", ("conversation",), ("conversation",)),
    Layout("question-contexts", ("QUESTION", "CONTEXTS"), ("QUESTION", "CONTEXTS"), ("LONG_ANSWER",)),
    Layout(
        "question-contexts", ("question", "context", "long_answer"), ("question", "context.contexts"), ("long_answer",)
    ),
    Layout("prompt-rubrics", ("prompt", "rubrics"), ("prompt",), ("ideal_completions_data.ideal_completion",)),
    Layout("preference", ("prompt", "chosen", "rejected"), ("prompt",), ("chosen", "rejected")),
    Layout("prompt-completion", ("prompt", "completion"), ("prompt",), ("completion",)),
    Layout("prompt-response", ("prompt", "response"), ("prompt",), ("response",)),
    Layout("alpaca", ("instruction", "output"), ("instruction", "input"), ("output",)),
    Layout("instruction-response", ("instruction", "response"), ("instruction", "context"), ("response",)),
    Layout("question-options", ("question", "opa", "opd"), ("question",), ("exp",)),
    Layout("question-choices", ("question", "choices"), ("question",)),
    Layout("question-choices", ("question", "A", "B"), ("question",)),
    Layout("question-options", ("question", "options"), ("question",)),
    Layout(
        "question", ("question",), ("question", "context", "contexts", "passage"), ("answer", "answers", "response")
    ),
    Layout("text", ("text",), ("text",)),
    Layout("input-output", ("input", "output"), ("input",), ("output",)),
    Layout("prompt", ("prompt",), ("prompt",)),
    Layout("input", ("input",), ("input",)),
)
"""All layouts; the first whose columns are there counts."""


class Texts(NamedTuple):
    """The texts of a row.

    Attributes:
        asks: those that ask.
        answers: those that answer.
        id: what the row calls itself; empty if it does not.
        document: the publication that it is from; empty if it does not say.
    """

    asks: list[str]
    answers: list[str]
    id: str = ""
    document: str = ""


def layout_of(row: Mapping[str, Any], columns: Sequence[str], where: str) -> Layout:
    """The layout of a file, by its first row.

    Args:
        row: the first row.
        columns: those with texts, where the user named them.
        where: the file, for the message.

    Raises:
        GuardError: no layout has these columns.
    """
    if columns:
        missing = [name for name in columns if name.split(".")[0] not in row]
        if missing:
            raise GuardError(f"{where}: expected the columns {', '.join(columns)}, found {_names(row)}.")
        return Layout(NAMED, tuple(name.split(".")[0] for name in columns), tuple(columns))
    for layout in LAYOUTS:
        if all(name in row for name in layout.needs):
            return layout
    known = "; ".join(dict.fromkeys("+".join(layout.needs) for layout in LAYOUTS))
    raise GuardError(
        f"{where}: expected columns of a known layout ({known}), found {_names(row)}. Name the columns with texts: "
        "--columns NAME,NAME for the training set, --test-columns NAME,NAME for a test."
    )


def texts_of(row: Mapping[str, Any], layout: Layout, where: str) -> Texts:
    """The texts of a row.

    Raises:
        GuardError: it lacks the columns of the layout of the rows before it.
    """
    for name in layout.needs:
        if name not in row:
            raise GuardError(
                f"{where}: expected the columns of the rows before it ({', '.join(layout.needs)}), found "
                f"{_names(row)}. "
                "Put rows of another layout into a file of their own."
            )
    asks = [text for path in layout.asks for text in _said(_at(row, path))]
    others = [] if layout.name == NAMED else _others(row, layout)
    answers = [text for path in (*layout.answers, *others) for text in _said(_at(row, path))]
    return Texts(asks, answers, _named(row), _document(row))


def _others(row: Mapping[str, Any], layout: Layout) -> list[str]:
    """The columns that a layout does not name: whatever a row says may hold the text of a test."""
    known = {path.split(".")[0] for path in (*layout.asks, *layout.answers)} | {*_IDS, *_DOCUMENTS, *_ASIDE}
    return [name for name in row if name not in known and "." not in name]


def asked(row: Mapping[str, Any], layout: Layout, where: str) -> Texts:
    """The texts of a sample of a test: what the user says in a conversation, and each other column as one text.

    An instruction that stands before an input is asked of many samples, so the input alone is the test's.
    """
    found = texts_of(row, layout, where)
    paths = [path for path in layout.asks if path != "instruction" or not str(row.get("input") or "").strip()]
    asks: list[str] = []
    for value in (_at(row, path) for path in paths):
        asks += _turns(value) if _is_conversation(value) else [" ".join(_said(value))]
    return found._replace(asks=[text for text in asks if text.strip()], answers=[])


def _names(row: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}`" for name in list(row)[:20]) or "none"


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _said(value: Any) -> Iterator[str]:
    """All texts in a value: in lists, in turns of a conversation, in parts of a turn."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _ASIDE:
                yield from _said(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _said(inner)


def _is_conversation(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(turn, Mapping) for turn in value)


def _turns(value: list[Mapping[str, Any]]) -> Iterator[str]:
    for turn in value:
        if turn.get("role", turn.get("from")) in _USER:
            yield " ".join(_said(turn))


def _named(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in _IDS if row.get(name) not in (None, "")), "")


def _document(row: Mapping[str, Any]) -> str:
    for name, prefix in _DOCUMENTS.items():
        value = row.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            text = str(value).strip()
            return text if not prefix or text.lower().startswith(prefix) else prefix + text
    return ""
