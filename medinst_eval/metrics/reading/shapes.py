"""Shapes of items: a mention alone, a mention with its type, three texts; and how each is written when not as asked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from medinst_eval.grammar.answers import Concepts, Events, Form, Mentions, Relations
from medinst_eval.grammar.brackets import NOTHING, Unparsable
from medinst_eval.metrics.reading.texts import QUOTES, canonical, nothing

Item: TypeAlias = tuple[str, ...]

UNREAD = "\0"
"""First text of what stands between brackets and could not be read as an item; equals no gold item."""

LONGEST = 600
"""Characters of an item that is not written as asked: no mention is as long."""

_AROUND = QUOTES + " "
_SEVERAL = re.compile(r"<[^<>]+>\s{0,9}[,;]")
_MARKED = re.compile(r"<([\w -]{1,60})>([^<>]{1,300})</\1>")
_HEADED = re.compile(r"[*_#\s\"`]*([^:*`\"]{1,60}?)[*_\"`]*\s{0,3}[:]+\s{0,3}[*_]*(.*)")
_APART = re.compile(r"\s*(?:-{1,2}>|--|=>|→|⟶|\||\t|:\s|:$|;|,\s|\s[-–—=]{1,2}\s)\s*")
_ANGLED = re.compile(r"<([^<>]*)>")
_TAIL = re.compile(r"(.+?)\s*[(<{]\s*([^(){}<>]*[^(){}<>\s])\s*[)>}]\W{0,3}", re.DOTALL)

_BLANKS = re.compile(r"[ \u00a0]{2,}")

_TEXT = ("mention", "mentions", "text", "texts", "entity", "name", "span", "term", "phrase", "word", "surface", "value")
_TYPE = ("type", "label", "category", "class", "entity_type", "semantic_type", "tag")
_CONCEPT = ("concept", "identifier", "id", "concept_id", "cui", "code", "curie", "link")
_FIRST = ("first", "first_entity", "subject", "head", "entity1", "arg1", "source", "from", "entity_1", "e1", "subj")
_RELATION = ("relation", "relation_type", "predicate", "type", "relationship", "label", "rel", "name")
_SECOND = ("second", "second_entity", "object", "tail", "entity2", "arg2", "target", "to", "entity_2", "e2", "obj")
_EVENT = ("event_type", "type", "event", "label")
_TRIGGER = ("trigger", "trigger_word", "trigger_text")
_THEME = ("theme", "argument", "entity", "target", "participant")


@dataclass(frozen=True)
class Shape:
    """How the items of a form look.

    Attributes:
        form: the form, which reads an item that is written as asked.
        keys: for each text of an item the keys that objects have for it.
        named: which of the texts is a name that the task declares; None: none is.
        names: these names, in canonical form.
        outside: whether the type may stand behind the bracket.
    """

    form: Form[Any]
    keys: tuple[tuple[str, ...], ...]
    named: int | None
    names: frozenset[str]
    outside: bool = False

    def suspect(self, label: str | Item) -> bool:
        """Whether a label that could be parsed is more likely a list of them, or none."""
        if isinstance(label, str):
            return not label.strip() or (label[0] in "\"'[" and label[-1] in "\"']") or label.strip().lower() == NOTHING
        return ">" in label[0] and _SEVERAL.search(label[0]) is not None

    def cleaned(self, label: str | Item) -> Item:
        """A label as an item for comparison: its texts in canonical form, without quotes or marks around them."""
        if isinstance(label, str):
            return (_cleaned(label),)
        if isinstance(self.form, Concepts):
            return (_cleaned(label[0]), self._concept(_cleaned(label[1])))
        return tuple(_cleaned(text) for text in label)

    def of_text(self, inner: str) -> Item | None:
        """The item that a text within brackets is; None if it is none."""
        if len(inner) > LONGEST or not inner.strip():
            return None
        try:
            (label,) = self.form.parse(f"[{inner.strip()}]")
        except (Unparsable, ValueError):
            return self._other(inner)
        return self.cleaned(label)

    def of_line(self, line: str, listed: bool) -> Item | None:
        """The item that a line is; a mention alone only where a bullet says so."""
        if len(line) > LONGEST or (len(self.keys) == 1 and not listed):
            return None
        return self.of_text(line) if len(self.keys) == 1 else self._other(line)

    def under(self, line: str) -> tuple[str, list[Item]]:
        """The type that a line begins with, and the mentions behind it: `Chemicals: aspirin, ibuprofen`."""
        match = _HEADED.fullmatch(line) if len(self.keys) == 2 and len(line) <= LONGEST else None
        name = self._known(match.group(1)) if match else ""
        if match is None or not name or isinstance(self.form, Concepts):
            return "", []
        mentions = [_unbracketed(part.strip(_AROUND)) for part in match.group(2).rstrip(".").split(", ")]
        return name, [self.cleaned((part, name)) for part in mentions if part and not nothing(part)]

    def heading(self, line: str) -> str:
        """The type that a line names and that alone: `### Chemicals`; empty if it is no heading."""
        if len(self.keys) != 2 or isinstance(self.form, Concepts) or len(line) > LONGEST:
            return ""
        return self._known(line.strip("# "))

    def marked(self, text: str) -> list[Item]:
        """Mentions between tags of their types: `<chemical>aspirin</chemical>`."""
        if len(self.keys) != 2 or isinstance(self.form, Concepts):
            return []
        found = [(match.group(2), self._known(match.group(1))) for match in _MARKED.finditer(text)]
        return [self.cleaned(pair) for pair in found if pair[1]]

    def in_threes(self, texts: Sequence[str]) -> list[Item]:
        """Items of three texts that are each in a bracket of its own."""
        if len(self.keys) != 3 or len(texts) % 3:
            return []
        threes = list(zip(*[iter(texts)] * 3, strict=True))
        named = all(self.is_name(each[self.named or 0]) for each in threes)
        return [self.cleaned(each) for each in threes] if named else []

    def typed(self, mention: str, name: str) -> Item | None:
        """A mention below the type that a line before it names."""
        return self.item([mention.rstrip(".;,"), name])

    def _known(self, text: str) -> str:
        """A name of the task, also in the plural; empty if it is none."""
        name = canonical(text).strip(_AROUND)
        forms = (name, name.removesuffix("s"), name.removesuffix("es"), name.replace("_", " "))
        return next((each for each in forms if each in self.names), "")

    def _other(self, text: str) -> Item | None:
        parts = self._parts(_BLANKS.sub(" ", text).strip().rstrip(".;,"))
        return self.item(parts) if parts is not None else None

    def _parts(self, text: str) -> list[str] | None:
        """The texts of an item, by the signs that stand between them."""
        count = len(self.keys)
        angled = _ANGLED.findall(text)
        if count == 3 and len(angled) == 3 and not _ANGLED.sub("", text).strip(" ,;:|->→*`()"):
            return angled
        if count == 3 and len(angled) == 1:
            return [part.strip("<> ") for part in re.split(r"(<[^<>]*>)", text)]
        if (
            count == 2
            and (match := _TAIL.fullmatch(text))
            and (self.is_name(match.group(2)) or (text.endswith(">") and ">" not in match.group(1)))
        ):
            return [match.group(1), match.group(2)]
        parts = [part for part in _APART.split(_unwrapped(text)) if part.strip()]
        if count == 2 and len(parts) > 2:
            parts = (
                parts[1:] if parts[0].isdigit() else [text[: text.rindex(parts[-1])].rstrip(" ,:;|-–—=>→"), parts[-1]]
            )
        return parts if len(parts) == count and self.is_name(parts[self.named or 0]) else None

    def item(self, parts: Sequence[str]) -> Item | None:
        """An item of its texts; None if one is empty."""
        item = self.cleaned(tuple(part.strip(_AROUND) for part in parts))
        return item if all(item) else None

    def _concept(self, text: str) -> str:
        """`database/identifier`, also where a colon stands between them."""
        database, sign, identifier = text.partition(":")
        return f"{database}/{identifier.strip()}" if sign and database in self.names else text

    def is_name(self, text: str) -> bool:
        """Whether a text is a name of the task, or an identifier of one of its databases."""
        if self.named is None:
            return True
        name = canonical(text).strip(_AROUND + ".`<>()")
        if isinstance(self.form, Concepts):
            name = re.split(r"[/:]", name, maxsplit=1)[0]
        return name in self.names


def _unwrapped(text: str) -> str:
    """A tuple without its parentheses."""
    text = text.strip()
    return text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text


def _unbracketed(text: str) -> str:
    return text[1:-1] if text[:1] == "[" and text.find("]") == len(text) - 1 else text


def _cleaned(text: str) -> str:
    text = canonical(text)
    if text[:2] == "[[" and text[-2:] == "]]":
        text = text[2:-2]
    if len(text) > 2 and text[0] in QUOTES and text[-1] in QUOTES:
        return text.strip(_AROUND)
    return text


@lru_cache(maxsize=256)
def _shape(form: Form[Any], names: frozenset[str]) -> Shape:
    match form:
        case Mentions():
            return Shape(form, (_TEXT,), None, names)
        case Events():
            return Shape(form, (_EVENT, _TRIGGER, _THEME), 0, names)
        case Relations():
            return Shape(form, (_FIRST, _RELATION, _SECOND), 1, names)
        case Concepts():
            return Shape(form, (_TEXT, _CONCEPT + _TYPE), 1, names, outside=True)
        case _:
            return Shape(form, (_TEXT, _TYPE), 1, names, outside=True)


def shape_of(form: Form[Any], names: Collection[str]) -> Shape:
    """The shape of a form's items.

    Args:
        form: the form.
        names: the names that the task declares.
    """
    return _shape(form, names if isinstance(names, frozenset) else frozenset(map(canonical, names)))
