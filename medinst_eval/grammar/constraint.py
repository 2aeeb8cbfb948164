r"""What a model may write at all: the answer grammar as a grammar that servers obey while they decode.

A constraint follows from the layout of a form's items and from the labels that a task declares. It is written in GBNF,
which llama.cpp reads, and vLLM with either of its backends (xgrammar, llguidance). Answers that are few are a list.

Whatever it lets pass, `Form.parse` reads, and its labels are declared. It is narrower than `parse` where that reads
what `Form.write` never writes:

* line breaks, a blank at the end of a tagged sentence, a tagged sentence without words;
* empty texts between angle brackets; concepts without an identifier;
* a square bracket that opens in one text of an item and closes in another;
* a single backslash as the last sign of a text, a label with needless backslashes, a score with zeros before it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from medinst_eval.grammar.answers import Form
from medinst_eval.grammar.brackets import TRIPLE, TYPE, quoted

Rules = dict[str, str]
"""Name -> what it stands for, in GBNF; `root` is the answer."""

_NOT_IN_TEXTS = "[]\\\n\r"
"""Signs that texts have in pairs, before another sign, or not at all."""

_BLANKS = r"\t\n\x0b\x0c\r\x1c-\x1f \x85\xa0" + "\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What `\\s` matches in Python, within a character class."""


WITHOUT = {"mention": "", "text": TRIPLE, "identifier": TYPE}
"""The parts of layouts that are any text -> the signs that it does not hold."""

SIGNS = {"word": f"[^{_BLANKS}]+", "tag": "[BIO]"}
"""The parts that are signs of a class."""


class Constraint(NamedTuple):
    """What an answer may be.

    Attributes:
        grammar: in GBNF.
        choices: all answers, where they are few; else empty.
    """

    grammar: str
    choices: tuple[str, ...]


def constraint(form: Form[Any], labels: Sequence[str]) -> Constraint | None:
    """The constraint of a task's answers.

    Args:
        form: of its answers.
        labels: that it declares.

    Returns:
        None for free text, which may be anything.
    """
    if not form.layout:
        return None
    if form.layout.startswith("["):
        labels = [
            quoted(label, next((apart for apart in (TRIPLE, TYPE) if apart in form.layout), "")) for label in labels
        ]
    rules: Rules = {}
    item = " ".join(_piece(piece, labels, rules) for piece in re.split(r"(\{\w+\})", form.layout) if piece)
    root = f"item ({_literal(form.separator)} item)*" if form.separator else "item"
    nothing = f"{_literal(form.nothing)} | " if form.nothing else ""
    rules = {"root": nothing + root, "item": item} | rules
    one_label = form.layout == "{label}" and not form.separator
    return Constraint(
        "".join(f"{name} ::= {meaning}\n" for name, meaning in rules.items()), tuple(labels) if one_label else ()
    )


def _piece(piece: str, labels: Sequence[str], rules: Rules) -> str:
    """A piece of a layout in GBNF: signs as they are, or one of its parts, whose rules are added."""
    if not piece.startswith("{"):
        return _literal(piece)
    name = piece[1:-1]
    if name == "label":
        return f"({' | '.join(map(_literal, labels))})"
    if name in SIGNS:
        return SIGNS[name]
    rules |= _text(name, WITHOUT[name])
    return name


def _text(name: str, without: str) -> Rules:
    """A text, not empty, that does not hold the signs at which its item is taken apart.

    Rule number n stands for what may follow where the first n of these signs have just been read. A backslash takes the
    sign after it along; brackets come in pairs.
    """
    special = "".join(dict.fromkeys(without))
    other = f"[^{_escaped(_NOT_IN_TEXTS + special)}]"
    behind = f"[^{_escaped(special)}\\n\\r]"

    def rule(state: int) -> str:
        return name if state == 0 else f"{name}-{state}"

    def steps(state: int) -> Iterator[str]:
        yield f'({other} | "\\\\" {behind} | {name}-pair) {name}?'
        for sign in special:
            yield f"{_literal(chr(92) + sign)} {rule(_matched(without, sign))}?"
            if (after := _matched(without, without[:state] + sign)) < len(without):
                yield f"{_literal(sign)} {rule(after)}?"

    found = {rule(state): " | ".join(steps(state)) for state in range(max(1, len(without)))}
    return found | {f"{name}-pair": f'"[" {name}? "]"'}


def _matched(whole: str, text: str) -> int:
    """How many signs of the beginning of `whole` a text ends with."""
    return next(size for size in range(min(len(whole), len(text)), -1, -1) if text.endswith(whole[:size]))


def _literal(text: str) -> str:
    """A text sign by sign: llguidance takes the longest of several literals, and never returns to a shorter one."""
    return " ".join(f'"\\{sign}"' if sign in '\\"' else f'"{sign}"' for sign in text)


def _escaped(signs: str) -> str:
    """Signs within a character class."""
    return "".join({"\n": "\\n", "\r": "\\r"}.get(sign, f"\\{sign}" if sign in "\\[]" else sign) for sign in signs)
