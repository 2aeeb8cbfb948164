"""Numbers with their nouns."""


def count(number: int, noun: str) -> str:
    """`1 source`, `2 sources`, `1,234 sources`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
