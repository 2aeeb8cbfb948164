"""Reasoning apart from answers: how the models of each family mark what they think before they answer.

A marker counts where models write it, not where a text merely mentions it. A thought begins at the start of the text,
of a line, or behind another thought; `[mood <thought>]` in the middle of a line is part of an answer. What closes a
thought does so also where nothing opened one, because many chat templates open it in the prompt: all before that is
reasoning.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Family(NamedTuple):
    """How the models of one family mark a thought.

    Patterns have no groups that capture. Each alternative begins with a plain character: long texts are searched for
    these first.

    Attributes:
        models: that write so.
        opens: pattern of what begins a thought.
        closes: pattern of what ends it, with what introduces the answer.
        alone: whether `closes` ends a thought also where nothing opened one; not where it is ordinary prose.
        ends: what may stand behind the thought or the answer and is part of neither.
    """

    models: str
    opens: str
    closes: str
    alone: bool = True
    ends: tuple[str, ...] = ()


_CHANNEL = r"<\|channel\|>(?:{})\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>"
_ANALYSIS = _CHANNEL.format("analysis|commentary")

FAMILIES: dict[str, Family] = {
    "think": Family("DeepSeek, Qwen, GLM, Kimi K2, MiniMax, Nemotron, OLMo, Granite 4, ERNIE", r"<think>", r"</think>"),
    "thinking": Family("models that are prompted for it", r"<thinking>", r"</thinking>"),
    "thought": Family("EXAONE Deep, Gemini's compatible endpoint", r"<thought>", r"</thought>"),
    "reasoning": Family("models trained with GRPO recipes", r"<reasoning>", r"</reasoning>"),
    "mistral": Family("Magistral, Ministral", r"\[THINK\]", r"\[/THINK\]"),
    "seed": Family("Seed-OSS", r"<seed:think>", r"</seed:think>"),
    "kimi": Family("Kimi-VL", r"◁think▷", r"◁/think▷"),
    "solution": Family(
        "OpenThinker, Sky-T1",
        r"<\|begin_of_thought\|>",
        r"<\|end_of_thought\|>(?:\s{0,4}<\|begin_of_solution\|>)?",
        ends=("<|end_of_solution|>",),
    ),
    "cohere": Family(
        "Command A Reasoning",
        r"<\|START_THINKING\|>",
        r"<\|END_THINKING\|>(?:\s{0,4}<\|START_(?:RESPONSE|TEXT)\|>)?",
        ends=("<|END_OF_TURN_TOKEN|>", "<|END_RESPONSE|>", "<|END_TEXT|>"),
    ),
    "apertus": Family("Apertus", r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    "gemma": Family("Gemma 4", r"<\|channel>(?:thought\b)?", r"<channel\|>", ends=("<turn|>",)),
    "harmony": Family(
        "gpt-oss",
        rf"{_ANALYSIS}|<\|start\|>assistant{_ANALYSIS}",
        _CHANNEL.format("final"),
        ends=("<|return|>", "<|start|>assistant", "<|end|>"),
    ),
    "harmony, its special tokens stripped": Family(
        "gpt-oss", r"analysis(?=[A-Z])|assistantanalysis(?=[A-Z])", r"assistantfinal"
    ),
    "granite": Family(
        "Granite 3",
        r"Here is my thought process:|Here's my thought process:",
        r"Here is my response:|Here's my response:",
        alone=False,
    ),
}
"""The known layouts; a new one is one entry here and one case in the test of all."""


class Split(NamedTuple):
    """A text taken apart.

    Attributes:
        thought: what the model thought; several thoughts are joined by line breaks.
        answer: the rest.
        closed: False where a thought never ended, so that there is no answer behind it.
    """

    thought: str
    answer: str
    closed: bool = True


Splitter = Callable[[str], Split]


def splitter(pattern: str | None = None) -> Splitter:
    """What takes texts apart.

    Args:
        pattern: a regular expression whose first group is reasoning; empty: nothing is; None: all known layouts.
    """
    if pattern is None:
        return split
    if not pattern:
        return lambda text: Split("", text.strip())
    own = re.compile(pattern)
    return lambda text: Split(_joined(match.group(1) or "" for match in own.finditer(text)), own.sub("", text).strip())


_OPENS = {name: re.compile(family.opens) for name, family in FAMILIES.items()}
_CLOSES = {name: re.compile(family.closes) for name, family in FAMILIES.items()}
_MARKS = re.compile("|".join(f"{f.opens}|{f.closes}" if f.alone else f.opens for f in FAMILIES.values()))
_OPENED = re.compile(rf"(?:{'|'.join(family.opens for family in FAMILIES.values() if family.alone)})\s*\Z")
_BLANKS = re.compile(r"\s*")


def split(text: str) -> Split:
    """Take a text apart by the known layouts, in one pass."""
    thoughts: list[str] = []
    kept: list[str] = []
    ends: dict[str, None] = {}
    start = place = _behind_blanks(text, 0)
    while mark := _MARKS.search(text, place):
        family, opens = _meaning(text, mark.start())
        end: re.Match[str] | None = mark
        if not opens:
            thoughts.append("".join([*kept, text[start : mark.start()]]))
            kept.clear()
        elif mark.start() == start or text[mark.start() - 1] == "\n":
            kept.append(text[start : mark.start()])
            end = _CLOSES[family].search(text, mark.end())
            thoughts.append(text[mark.end() : end.start() if end else None])
        else:
            place = mark.end()
            continue
        if end is None:
            return Split(_joined(thoughts), "".join(kept).strip(), closed=False)
        ends |= dict.fromkeys(FAMILIES[family].ends)
        thoughts[-1] = _without(thoughts[-1], FAMILIES[family].ends)
        start = place = _behind_blanks(text, end.end())
    return Split(_joined(thoughts), _without("".join([*kept, text[start:]]), ends))


def opened(prompt: str) -> str:
    """The marker that opens a thought at the end of a prompt, where the model goes on; empty if there is none."""
    found = _OPENED.search(prompt[-200:])
    return found.group() if found else ""


def _meaning(text: str, place: int) -> tuple[str, bool]:
    """The family of the marker at a place, and whether it opens a thought."""
    found = next((name for name, pattern in _OPENS.items() if pattern.match(text, place)), None)
    return found or next(name for name, pattern in _CLOSES.items() if pattern.match(text, place)), bool(found)


def _behind_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def _without(text: str, ends: Iterable[str]) -> str:
    text = text.strip()
    for end in ends:
        text = text.removesuffix(end).rstrip()
    return text


def _joined(thoughts: Iterable[str]) -> str:
    return "\n".join(stripped for thought in thoughts if (stripped := thought.strip()))
