"""What a server failed at: errors that pass, that concern one question, and that no further attempt can cure.

The status decides where it is clear. Servers also report errors with status 200, wrong keys as 400 and missing credit
as 429, so their own words count too.
"""

import json
import re
import shlex
from typing import Any, NamedTuple

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from tasks.model.evaluate.trouble import Trouble

_BUSY = 429
_PASSING = (0, 408, 409, 425, _BUSY)
_OVERLOAD = (_BUSY, 503, 529)


class Passing(Exception):
    """An error that another attempt may not meet.

    Attributes:
        wait: seconds that the endpoint asks to wait; None where it does not say.
        overload: whether the endpoint has too much to do, so that all requests should wait.
    """

    def __init__(self, what: str, wait: float | None = None, overload: bool = False) -> None:
        super().__init__(what)
        self.wait, self.overload = wait, overload


class Refused(Exception):
    """The endpoint will not answer this question, however often it is asked.

    Attributes:
        alone: whether that is about this one question (too long, flagged), and others may be answered.
    """

    def __init__(self, what: str, alone: bool = False) -> None:
        super().__init__(what)
        self.alone = alone


class _Cure(NamedTuple):
    """An error that ends the run at once.

    Attributes:
        always: statuses that mean it.
        may: statuses that mean it together with the words; 0 is an error in a response with status 200.
        words: pattern of what servers say of it.
        what: the error.
        then: what the user should do.
    """

    always: tuple[int, ...]
    may: tuple[int, ...]
    words: str
    what: str
    then: str


_CURES = (
    _Cure(
        (402,),
        (0, 400, 403, _BUSY),
        r"insufficient[_ ](?:quota|balance|credits?|funds)|credit balance|(?:no|any|of) credits|payment required",
        "has no credit for this key",
        "Top up its account, or put another key into MEDINST_API_KEY.",
    ),
    _Cure(
        (401, 403),
        (0, 400, 422),
        r"api[_ -]?key|unauthori[sz]ed|authentic|credentials",
        "refuses the key",
        "Put the right one into MEDINST_API_KEY.",
    ),
    _Cure(
        (404, 405),
        (0, 400, 422),
        r"model\b.{0,80}(?:not found|does ?n[o']t exist|not available)|(?:unknown|invalid|no such) model"
        r"|not a valid model|model_not_found",
        "has no such model or path",
        "See --model and --base-url; the address ends with /v1 as a rule.",
    ),
    _Cure((301, 302, 303, 307, 308), (), "", "has moved", "Pass --base-url the new address."),
)
_TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size)|too long|too many tokens"
    r"|(?:prompt|input|message)s?\b.{0,30}\b(?:length|tokens?)"
)
_FLAGGED = re.compile(r"flagged|moderat|content[_ ](?:filter|policy|management)|safety")
_UNSUPPORTED = re.compile(
    r"unsupported|not supported|n[o']t support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|deprecated"
    r"|extra (?:inputs|fields)"
)
_INSTEAD = re.compile(r"\buse\W{1,3}(\w+)\W{1,3}instead", re.IGNORECASE)
_LATER = re.compile(r"(?:again|retry)(?: after| in)? (\d+(?:\.\d+)?) ?(ms|s)")
_LIMIT = re.compile(r"rate.?limit|too many requests|overload|capacity")


def failure(url: str, met: Trouble, asking: Asking, retry_after: str | None = None) -> Exception:
    """What an error means, as the exception to raise.

    Args:
        url: that was asked.
        met: what it said.
        asking: what the requests hold, for the cure.
        retry_after: the header of that name.
    """
    alone = (met.status in (400, 413) and _TOO_LONG.search(met.all)) or (
        met.status in (400, 403) and _FLAGGED.search(met.all)
    )
    if alone:
        return Refused(met.named, alone=True)
    if cure := _cure(met):
        return EvaluationError(f"{url} {cure.what} ({met.named}). {cure.then}")
    if met.status in _PASSING or met.status >= 500:
        busy = met.status in _OVERLOAD or (not met.status and bool(_LIMIT.search(met.all)))
        return Passing(met.named, _seconds(retry_after, met.all), overload=busy)
    if option := _option(met, asking):
        return EvaluationError(f"{url} does not take a field of the request ({met.named}). Add {option}")
    return Refused(met.named)


def _cure(met: Trouble) -> _Cure | None:
    """What ends the run; a server that says when to ask again means something that passes."""
    if not _LATER.search(met.all):
        for cure in _CURES:
            if met.status in cure.may and re.search(cure.words, met.all):
                return cure
    return next((cure for cure in _CURES if met.status in cure.always), None)


def _option(met: Trouble, asking: Asking) -> str:
    """The option that leaves out, or renames, the field that a server does not take; empty where it names none."""
    if not _UNSUPPORTED.search(met.all):
        return ""
    sent = {"max_tokens": asking.max_tokens, "temperature": asking.temperature, "top_p": asking.top_p}
    sent |= {"seed": asking.seed, "stop": list(asking.stop) or None} | asking.extra
    field = next((name for name, value in sent.items() if value is not None and _is_named(name, met)), None)
    if field is None:
        return ""
    extra: dict[str, Any] = {**asking.extra, field: None}
    if instead := _INSTEAD.search(met.words):
        extra[instead.group(1)] = sent[field]
    return f"--extra {shlex.quote(json.dumps(extra))}"


def _is_named(field: str, met: Trouble) -> bool:
    """Whether an error is about a field: named as its parameter, alone in a string, in quotes, or hardly a word."""
    name = re.escape(field.lower())
    free = rf"|\b{name}\b" if "_" in field else ""
    return met.field == field or bool(re.search(rf"(?m)^{name}$|['\"`]{name}['\"`]{free}", met.all))


def _seconds(retry_after: str | None, words: str) -> float | None:
    """Seconds of a Retry-After header, else of the words; dates and nonsense count as not said."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        found = _LATER.search(words)
        return float(found.group(1)) / (1000 if found.group(2) == "ms" else 1) if found else None
    return seconds if seconds >= 0 else None
