r"""What of a text is the answer: without thoughts, tags, boxes, fences and escapes around it.

Several tagged or boxed answers are taken together, each once: a list may come in pieces, and of two labels neither is
chosen.
"""

import html
import re
from collections.abc import Iterator

_THOUGHT = re.compile(
    r"</(?:think|thinking|thought|thoughts|reasoning|analysis|seed:think)>|\[/THINK\]|<\|channel\|>final<\|message\|>|assistantfinal"
)
_THINKING = re.compile(r"<(?:think|thinking|seed:think)>|\[THINK\]")
_TAG = re.compile(
    r"<(/?)(answer|final_answer|final|response|output|result|prediction|solution|choice|label|labels|score|rating"
    r"|summary|translation|entities|relations|events|mentions|concepts|items|list)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_FIRST = ("answer", "final_answer", "final")
_BOX = re.compile(r"\\(?:boxed|fbox)\s{0,3}\{|\\.|[{}]", re.DOTALL)
_STYLED = re.compile(r"\\(?:text\w*|math\w+|operatorname|emph)\s{0,3}\{([^{}]*)\}")
_SPACED = re.compile(r"\\[,;:! ]|~")
_FENCE = re.compile(
    r"```(?:json|text|txt|plaintext|python|markdown|md|xml|html|yaml|csv|latex|tex)?(?!\w)", re.IGNORECASE
)
_WIDE = str.maketrans("［］【】〔〕＜＞〈〉《》", "[][][]<><><>")
_FINAL = re.compile(
    r"(?:\b(?:final|correct|my|the|right)\s+(?:final\s+)?answer(?:\s+is)?|^\W{0,6}answer|\btherefore|\bthus)\W{0,4}[:=]",
    re.IGNORECASE | re.MULTILINE,
)
_ASIDE = re.compile(
    r"\n\W{0,6}(?:explanations?|notes?|reasoning|rationale|justification|reasons?|comments?)\W{0,4}[:\n]", re.IGNORECASE
)


def unwrapped(answer: str) -> str:
    """The answer itself.

    Args:
        answer: all that a model wrote.

    Returns:
        its last part, if it has thoughts; of that what is tagged or boxed, if anything is; without fences and escapes.
    """
    text = _spoken(answer)
    for within in (_tagged, _boxed):
        if found := list(dict.fromkeys(part.strip() for part in within(text))):
            text = "\n".join(found)
    if "```" in text:
        text = _FENCE.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return (text if "[" in text and "【" not in text else text.translate(_WIDE)).strip()


def concluded(text: str) -> str:
    """What follows the last `final answer:`; the whole where none is written."""
    place = max((match.end() for match in _FINAL.finditer(text)), default=0)
    return text[place:].strip(" \n*") if place else text.strip()


def without_asides(text: str) -> str:
    """A text without the explanation or note that follows it on a line of its own."""
    match = _ASIDE.search(text)
    return text[: match.start()] if match and text[: match.start()].strip() else text


def _spoken(text: str) -> str:
    """What is written after the thoughts, nothing if they never end."""
    place = max((match.end() for match in _THOUGHT.finditer(text)), default=0)
    unended = _THINKING.search(text, place)
    return text[place : unended.start() if unended else None]


def _tagged(text: str) -> Iterator[str]:
    """The contents of tags such as `<answer>`; where no answer is closed, of the last one that is open."""
    opened: dict[str, int] = {}
    parts: dict[bool, list[str]] = {True: [], False: []}
    for match in _TAG.finditer(text):
        name = match.group(2).lower()
        if not match.group(1):
            opened[name] = match.end()
        elif name in opened:
            parts[name in _FIRST].append(text[opened.pop(name) : match.start()])
    last = max((opened[name] for name in _FIRST if name in opened), default=None)
    yield from parts[True] or ([] if last is None else [text[last:]]) or parts[False]


def _boxed(text: str) -> Iterator[str]:
    """The contents of LaTeX boxes, without the commands for style in them."""
    if "box" not in text:
        return
    opened: list[tuple[int, bool]] = []
    boxes = 0
    for match in _BOX.finditer(text):
        sign = match.group()
        if sign[-1] == "{" and sign != "\\{":
            opened.append((match.end(), len(sign) > 1))
            boxes += len(sign) > 1
        elif sign == "}" and opened:
            start, boxed = opened.pop()
            boxes -= boxed
            if boxed and not boxes:
                yield _SPACED.sub(" ", _STYLED.sub(r"\1", _STYLED.sub(r"\1", text[start : match.start()])))
