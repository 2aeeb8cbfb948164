"""Labels of a closed set: which one an answer chooses; none where it leaves the choice open."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from medinst_eval.metrics.reading.short import named
from medinst_eval.metrics.reading.texts import bare, canonical, unlisted
from medinst_eval.metrics.reading.unwrap import unwrapped

_MARKS = re.compile(r"\*+|[\"`“”„‟«»‹›「」『』]+|(?<!\w)['‘’]|['‘’](?!\w)|^#+\s*|(?<=\n)#+\s*")
_OPTION = r"(?:\(?[a-z0-9]{1,2}[.):]\)?\s+|\([a-z0-9]\)\s*|option\s+\w\s*[.:)]\s*)?"
_OPENING = r"[\s\"(\[<]*"
_AT_END = re.compile(
    r"[ \"')\]>]*(?:$|\n|[^\w\s/|&+?-]|-(?:\s|$)|\b(?:because|since|given|as|based|by|with|although|but|here|"
    r"regarding|towards?|sentiment|stance|comment|group|sample|class|label|who|seeking|asking|describing)\b)"
)
_TICKED = re.compile(r"[-\s]*(?:\[x\]|☑|☒|✔|✅)\s*")
_ASKED = re.compile(r"[\"')\]]*\?")

_NEGATED = re.compile(
    r"(?:\bnot|n't|\bneither|\bnor|\bnever|\bcannot|\brather than|\binstead of|\bother than|\bunlike|\bwithout)"
    r"\s+(?:(?:a|an|the|be|been|to|it|really|simply)\s+){0,3}[\"(]*$"
)
_OPEN = re.compile(
    r"\b(?:whether|if)\b[^.,:;\n→]{0,40}$"
    r"|\b(?:either|could be|might be|may be|can be|between)\s+(?:a |an |the )?[\"(]*$"
)
_JOINED = re.compile(
    r"[\s\"'(),.;:!/|\[\]•*→-]*(?:\b(?:or|and|nor|to|vs\.?|versus|and/or|but(?: also)?)\b[\s\"'(\[]*)?"
    r"(?:\b(?:perhaps|possibly|maybe|even|rather|probably|a|an|the)\b\s+)?(?:\n\s*)?(?:\(?[a-z0-9][.):]\s*)?[\s\"'(\[-]*"
)
DISJOINED = re.compile(r"[\s\"')\]]*,?\s*\b(?:or|nor)\b")
_CONCLUDED = re.compile(
    r"\b(?:final|therefore|thus|hence|overall|however|actually|but|conclusion|conclude|correction|wait|instead|"
    r"reflection|so)\b"
)

_VERDICT = re.compile(
    r"(?:\b(?:answer|label|verdict|classification|category|class|conclusion|decision|prediction|rating|sentiment|outcome|"
    r"result|response|choice|option)\b[\s\"]*(?:(?:would be|should be|must be|is|was|are)\b\s*[:=]?|[:=]|→|->)"
    rf"|→|->|=>|(?:^|\n|[.;!?]\s)[^\w\n]{{0,8}}[\w()/ -]{{1,40}}\s?[:=]"
    r"|\b(?:therefore|thus|hence|overall|in conclusion|actually|correction|wait|so)\b[\s,:]*"
    r"(?:(?:it is|it's|i would say|i'd say|i say|i choose|my answer is|the answer is)\b)?:?"
    r"|\bi\.e\.[\s,:]*(?:an?\s)?)"
    rf"{_OPENING}{_OPTION}{_OPENING}$"
)
_CUE = re.compile(
    r"\b(?:think|believe|say|guess|choose|chose|pick|select|with|as|is|are|expresses|be|by|from|it's|appears|seems|"
    r"looks|towards?|likely|probably|definitely|certainly|absolutely|clearly|surely|simply)\s+(?:that\s+)?"
    rf"(?:(?:the answer is|the|a|an|it is|it's|to be|probably|likely|most likely)\s+){{0,2}}{_OPENING}$"
)
_SUBJECT = re.compile(r"\b(?:abstract|evidence|text|study|findings?|results?|passage|sentence|premise|document|data) $")
_OBJECT = re.compile(r" (?:the|this) (?:claim|hypothesis|statement)\b")
_WINDOW = 70
"""Characters before a label that say how it is meant."""
_MOST = 100
"""Labels looked at from either end of an answer."""


class _Said(NamedTuple):
    """A label in a text.

    Attributes:
        label: the label, in canonical form.
        start: where its word begins.
        end: where it ends.
        literal: whether it stands in the form of the label, not as `supported` for `supports`.
    """

    label: str
    start: int
    end: int
    literal: bool


class Labels(NamedTuple):
    """Labels to choose from.

    Attributes:
        forms: how a label may be written -> the label.
        pattern: finds one of them as words of their own.
    """

    forms: dict[str, str]
    pattern: re.Pattern[str]

    def said(self, text: str) -> list[_Said]:
        """The labels in a text, in their order."""
        found = [
            _Said(self.forms[match.group()], match.start(), match.end(), match.group() == self.forms[match.group()])
            for match in self.pattern.finditer(text)
        ]
        return found if len(found) <= 2 * _MOST else found[:_MOST] + found[-_MOST:]


def labels_of(labels: Iterable[str]) -> Labels:
    """What finds some labels in texts."""
    return _labels(labels if isinstance(labels, frozenset) else frozenset(labels))


@lru_cache(maxsize=64)
def _labels(labels: frozenset[str]) -> Labels:
    known = {bare(each) for each in labels} - {""}
    forms = {form: label for label in sorted(known) for form in _forms(label)} | {label: label for label in known}
    longest = sorted(forms, key=lambda form: (-len(form), form))
    pattern = "|".join(map(re.escape, longest)) or r"(?!)"
    return Labels(forms, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w]|-\w)"))


def _forms(label: str) -> Iterator[str]:
    """A verb in its other forms: `supports` and `supported` for `support`."""
    if label.isalpha() and len(label) > 3:
        stem = re.sub(r"(?<=[^s])(?:s|(?<=e)d|(?<=[^e])ed)$", "", label)
        yield from (stem, f"{stem}s", f"{stem}d" if stem.endswith("e") else f"{stem}ed")


def label(answer: str, labels: Iterable[str]) -> str | None:
    """The label that an answer chooses.

    It is the whole answer, or what a verdict says (`the answer is`), a line of its own, the beginning, what follows a
    word such as `think` or `as`, or what stands in quotes or bold: the first of these that the answer has. A label that
    is denied, asked for, part of another word or joined to another label (`yes or no`) is not chosen.

    Args:
        answer: the answer.
        labels: the labels to choose from.

    Returns:
        the label in canonical form; None where there is none, or more than one.
    """
    known = labels_of(labels)
    whole = bare(answer)
    if known.forms.get(whole) == whole:
        return whole
    text = unwrapped(answer)
    text = "\n".join(named(text)) or text
    whole = bare(unlisted(text.strip("[]() "))[0])
    if whole in known.forms:
        return known.forms[whole]
    return _chosen(known, plain(text))


def plain(text: str) -> str:
    """A text in canonical form, line by line, with one sign for quotes and emphasis; of boxes to tick those ticked."""
    lines = [canonical(line) for line in _MARKS.sub('"', text).splitlines()]
    ticked = [line[match.end() :] for line in lines if (match := _TICKED.match(line))]
    return "\n".join(line for line in ticked or lines if line)


def _chosen(known: Labels, text: str) -> str | None:
    said = [each for each in known.said(text) if not _denied(each, text)]
    open_ = _joined(said, text)
    meant = [each for each in said if not rejected(each, text)]
    for ranks in ((_by_verdict, _by_line, _by_beginning), (_by_cue,), (by_emphasis,)):
        chosen = [each for each in meant if any(rank(each, text) for rank in ranks)]
        if chosen:
            return None if any(each in open_ for each in chosen) else _only(chosen, meant, text)
    return None


def _only(chosen: Sequence[_Said], meant: Sequence[_Said], text: str) -> str | None:
    """The one label that is chosen; the last of several only where a verdict concludes with it alone."""
    last = chosen[-1]
    said = meant if _is_verdict(last, text) else chosen
    others = [each for each in said if each.label != last.label and (each in chosen or _is_verdict(each, text))]
    alone = _concludes(last, text) and not any(_concludes(each, text) for each in others)
    return last.label if not others or alone else None


def _concludes(said: _Said, text: str) -> bool:
    return _is_verdict(said, text) and _CONCLUDED.search(text, _from(said), said.start) is not None


def _from(said: _Said) -> int:
    return max(0, said.start - _WINDOW)


def _joined(said: Sequence[_Said], text: str) -> set[_Said]:
    """Labels that stand beside another one, so that none of them is chosen."""
    found: set[_Said] = set()
    for place, (one, other) in enumerate(pairwise(said)):
        if one.label == other.label or not _JOINED.fullmatch(text, one.end, min(other.start, one.end + _WINDOW)):
            continue
        if one.end + _WINDOW < other.start:
            continue
        following = said[place + 2].start if place + 2 < len(said) else None
        ended = _AT_END.match(text, other.end) or (following and not text[other.end : following].strip())
        if ended or DISJOINED.match(text, one.end):
            found |= {one, other}
    return found


def _denied(said: _Said, text: str) -> bool:
    return _NEGATED.search(text, _from(said), said.start) is not None


def rejected(said: _Said, text: str) -> bool:
    """Whether a label is denied, left open or asked about."""
    return (
        _denied(said, text)
        or _OPEN.search(text, _from(said), said.start) is not None
        or _ASKED.match(text, said.end) is not None
    )


def _is_verdict(said: _Said, text: str) -> bool:
    return _VERDICT.search(text, _from(said), said.start) is not None


def _by_verdict(said: _Said, text: str) -> bool:
    return _is_verdict(said, text) and _AT_END.match(text, said.end) is not None


def _by_line(said: _Said, text: str) -> bool:
    start, end = text.rfind("\n", 0, said.start) + 1, text.find("\n", said.end)
    before, after = text[start : said.start], text[said.end : end if end >= 0 else None]
    return not after.strip(' ".!)]') and re.fullmatch(rf"[-•\s]*{_OPENING}{_OPTION}{_OPENING}", before) is not None


def _by_beginning(said: _Said, text: str) -> bool:
    return (
        said.start < 20
        and re.fullmatch(rf"{_OPENING}{_OPTION}{_OPENING}", text[: said.start]) is not None
        and _AT_END.match(text, said.end) is not None
    )


def _by_cue(said: _Said, text: str) -> bool:
    if _SUBJECT.search(text, _from(said), said.start) and _OBJECT.match(text, said.end):
        return True  # the abstract contradicts the claim
    cue = _CUE.search(text, _from(said), said.start)
    formed = text[: said.end].endswith("ed") and cue is not None and cue.group().startswith(("is", "are", "as"))
    return cue is not None and (said.literal or formed) and _AT_END.match(text, said.end) is not None


def by_emphasis(said: _Said, text: str) -> bool:
    """Whether a label stands in quotes or bold."""
    return said.literal and text[said.start - 1 : said.start] == '"' and text[said.end : said.end + 1] == '"'
