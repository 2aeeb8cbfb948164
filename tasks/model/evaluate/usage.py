"""Tokens of an answer, from whatever a server says of them."""

from typing import NamedTuple

MOST = 10**9
"""Tokens beyond which a count is not believed."""

CHARACTERS = 4
"""Of a token, as a rule of thumb for English text: used only where a server counts nothing."""

_PROMPT = ("prompt_tokens", "input_tokens")
_ANSWER = ("completion_tokens", "output_tokens")
_DETAILS = ("completion_tokens_details", "output_tokens_details")


class Usage(NamedTuple):
    """Tokens that were read and written; those of reasoning are among those written."""

    prompt: int
    answer: int
    reasoning: int


def usage(said: object, thought: str, answer: str) -> Usage:
    """The tokens of an answer.

    Args:
        said: the `usage` of a response, of any kind.
        thought: the reasoning that came, by whose share the server's count is divided where it does not do so itself.
        answer: the rest.
    """
    counts = said if isinstance(said, dict) else {}
    details = next((counts[name] for name in _DETAILS if isinstance(counts.get(name), dict)), {})
    written = _first(counts, _ANSWER)
    reasoning = count(details.get("reasoning_tokens")) or count(counts.get("reasoning_tokens"))
    return Usage(_first(counts, _PROMPT), written, reasoning or share(written, thought, answer))


def share(written: int, thought: str, answer: str) -> int:
    """An estimate of the tokens of reasoning: its share of the characters, or a fourth if nothing is counted."""
    if not written:
        return -(-len(thought) // CHARACTERS)
    return round(written * len(thought) / (len(thought) + len(answer))) if thought else 0


def count(value: object) -> int:
    """A number of tokens; 0 where it is not a believable one."""
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) < 12 else 0
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value <= MOST else 0


def _first(counts: dict[str, object], names: tuple[str, ...]) -> int:
    return next((found for name in names if (found := count(counts.get(name)))), 0)
