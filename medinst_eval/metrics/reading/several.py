"""Several labels of a closed set: which ones an answer lists."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from medinst_eval.metrics.reading.choices import DISJOINED, Labels, by_emphasis, labels_of, plain, rejected
from medinst_eval.metrics.reading.short import named
from medinst_eval.metrics.reading.texts import bare, unlisted
from medinst_eval.metrics.reading.unwrap import concluded, unwrapped, without_asides

_LEADING = re.compile(r"^[^,;\n]{0,120}[:=]\s*(?=\S)")
_JOINING = re.compile(r"(?:and|&|/|\s)*")
_SEPARATED = re.compile(r"[,;、]|\n")
_EXPLAINED = re.compile(r"(?::|\s[-–—]\s|\().*", re.DOTALL)
_ASIDE = re.compile(r"\([^()]*\)")


def several(answer: str, labels: Iterable[str] = ()) -> tuple[list[str], bool]:
    """The labels that an answer lists, in canonical form, and whether it could be read.

    Args:
        answer: the answer, its labels between commas, in lines, in brackets or as JSON.
        labels: the labels to choose from; none: whatever stands between the commas is one.

    Returns:
        the labels, what is listed and is none among them, and whether there is any that is known. A list that leaves a
        choice open (`growth or death`) cannot be read.
    """
    known = labels_of(labels)
    parts = [bare(part) for part in _SEPARATED.split(answer)]
    if all(part in known.forms for part in parts if part) or not known.forms:
        return [known.forms.get(part, part) for part in parts if part], bool(answer.strip())
    text = unwrapped(answer)
    text = "\n".join(named(text)) or without_asides(concluded(text))
    listed = [each for line in text.splitlines() for each in _listed(known, line)]
    found = [each for each in listed if each is not None]
    if len(found) < len(listed):
        return [], False
    if not any(each in known.forms for each in found):
        line = plain(text)
        found = [each.label for each in known.said(line) if by_emphasis(each, line) and not rejected(each, line)]
    return found, bool(found)


def _listed(known: Labels, line: str) -> Iterator[str | None]:
    """The labels of a line; None for a choice that is left open."""
    line = unlisted(line)[0]
    parts = [part for each in _SEPARATED.split(_ASIDE.sub(" ", line)) if (part := bare(each))]
    if len(parts) > 1 and all(part in known.forms for part in parts):
        yield from (known.forms[part] for part in parts)
        return
    if bare(_EXPLAINED.sub("", line)) in known.forms:
        yield known.forms[bare(_EXPLAINED.sub("", line))]
        return
    for part in _SEPARATED.split(_LEADING.sub("", line, count=1)):
        yield from _of_part(known, bare(part.strip(" []")))


def _of_part(known: Labels, part: str) -> Iterator[str | None]:
    if not part or part.endswith(":"):
        return
    if part in known.forms:
        yield known.forms[part]
        return
    said = known.said(part)
    between = [part[one.end : other.start] for one, other in pairwise(said)]
    if any(DISJOINED.match(gap) for gap in between):
        yield None
    elif said and _JOINING.fullmatch(part, 0, said[0].start) and not any(rejected(each, part) for each in said):
        yield from (each.label for each in said)
    else:
        yield part
