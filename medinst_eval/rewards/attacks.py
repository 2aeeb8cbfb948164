"""Attacks on the rewards: answers that try to earn without answering. Some know the right answer and hide it."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, cycle, islice
from typing import NamedTuple

from medinst_eval.rewards import Verifier


class Sample(NamedTuple):
    """A sample of a task, as far as attacks and honest answers need it."""

    instruction: str
    input: str
    output: str
    verifier: Verifier


Attack = Callable[[Sample], str]

MEGABYTE = 1_000_000
WORDS = 60
"""Words of the input that the attacks with the most items look at."""

NONSENSE = ("brindle", "cobalt", "meander", "tundra", "pewter", "saffron", "quarry", "ripple", "velvet", "zenith")
COMMON = "the of and in to a with for was were that is by from as on at or be this"


def words(sample: Sample) -> list[str]:
    """The words of the input."""
    return re.findall(r"\S+", sample.input)


def labels(sample: Sample) -> Sequence[str]:
    """The labels of a task; of one without, something that looks like one."""
    return sample.verifier.labels or ("concept",)


def item(sample: Sample, text: str, label: str) -> str:
    """An item in the form of the sample's answers."""
    match sample.verifier.kind:
        case "relations":
            return f"[<{text}> <{label}> <{text}>]"
        case "events":
            return f"[<{label}> <{text}> <{text}>]"
        case "mentions":
            return f"[{text}]"
        case "tags":
            return f"{text} [B]"
        case "label" | "list" | "exact" | "score" | "text":
            return text
        case _:
            return f"[{text} <{label}>]"


def listed(sample: Sample, texts: Iterable[str]) -> str:
    """Items as an answer of the sample's form lists them."""
    return (" " if sample.verifier.kind == "tags" else ", ").join(texts)


def grams(sample: Sample, longest: int) -> list[str]:
    """The sequences of up to so many words at the beginning of the input."""
    first = words(sample)[:WORDS]
    return [" ".join(first[n : n + size]) for size in range(1, longest + 1) for n in range(len(first) - size + 1)]


def all_labels(sample: Sample) -> str:
    """Every label of the task."""
    return listed(sample, (item(sample, label, label) if _bracketed(sample) else label for label in labels(sample)))


def _bracketed(sample: Sample) -> bool:
    return item(sample, "x", "y") != "x"


def every_word(sample: Sample) -> str:
    """Every word of the input, with the first label."""
    return listed(sample, (item(sample, word, labels(sample)[0]) for word in words(sample)))


def every_gram(sample: Sample) -> str:
    """Every sequence of up to three words, with the first label."""
    return listed(sample, (item(sample, gram, labels(sample)[0]) for gram in grams(sample, 3)))


def every_gram_and_label(sample: Sample) -> str:
    """Every sequence of up to three words, with each of the first twelve labels."""
    return listed(sample, (item(sample, gram, label) for gram in grams(sample, 3) for label in labels(sample)[:12]))


def every_relation(sample: Sample) -> str:
    """Every relation between any two of the names and numbers of the input."""
    ends = list(dict.fromkeys(word.strip(".,;:()") for word in words(sample) if re.match(r"[^a-z\W]|\w*\d", word)))[:12]
    pairs = [(one, label, other) for one, other in combinations(ends, 2) for label in labels(sample)]
    return ", ".join(f"[<{one}> <{label}> <{other}>]" for one, label, other in pairs)


def repeated_item(sample: Sample) -> str:
    """The first item of the right answer, 50 times."""
    first = re.match(r"\[.*?\](?=, \[|$)|[^,]*", sample.output)
    return listed(sample, [first.group() if first else sample.output] * 50)


def options(sample: Sample) -> str:
    """All options that the input lists, else all labels."""
    found = re.findall(r"^- (.+)$", sample.input, re.MULTILINE)
    return ", ".join(found or labels(sample))


def nonsense(sample: Sample) -> str:
    """The right answer between as many words of nonsense as it has, ten times, and at least 100."""
    count = max(100, 10 * len(sample.output.split()))
    noise = " ".join(islice(cycle(NONSENSE), count // 2))
    return f"{noise} {sample.output} {noise}"


def symbols(sample: Sample) -> str:
    """The same between symbols, which are not words."""
    noise = "#*~ " * max(100, len(sample.output))
    return noise + sample.output + noise


def bracketed_nonsense(sample: Sample) -> str:
    """The right answer within one more pair of brackets, with nonsense behind it."""
    return f"[{sample.output} {nonsense(sample)}]"


def verdict_in_nonsense(sample: Sample) -> str:
    """The right answer as a verdict, between nonsense."""
    noise = nonsense(sample).partition(sample.output)[0]
    return f"{noise}\n\nThe answer is {sample.output}\n\nNote: {noise}"


def tagged_in_nonsense(sample: Sample) -> str:
    """The right answer in an answer tag, between nonsense."""
    noise = nonsense(sample).partition(sample.output)[0]
    return f"{noise}<answer>{sample.output}</answer>{noise}"


def json_of_everything(sample: Sample) -> str:
    """Each of the first words with each of the first labels, as JSON."""
    return json.dumps([{"text": word, "type": label} for word in words(sample)[:WORDS] for label in labels(sample)[:4]])


def _of(text: str) -> Attack:
    return lambda _: text


def _each(pattern: str, separator: str = " ") -> Attack:
    return lambda sample: separator.join(pattern.format(label) for label in labels(sample))


def _about(sample: Sample) -> str:
    return f"It depends on how one reads it: {', '.join(labels(sample))} are all possible, and each has its reasons."


ATTACKS: dict[str, Attack] = {
    "empty": _of(""),
    "white space": _of(" \n\t "),
    "none": _of("none"),
    "empty brackets": _of("[]"),
    "all labels": all_labels,
    "labels with or": _each("{}", " or "),
    "prose with all labels": _about,
    "hedged label": lambda sample: f"{labels(sample)[0]}, or perhaps {labels(sample)[-1]}",
    "boxed labels": _each(r"\boxed{{{}}}"),
    "answer tags": _each("<answer>{}</answer>"),
    "verdicts": _each("The answer is {}.", "\n"),
    "markup": _of("<b>" * 60 + "**[[[[<" + "</b>" * 60),
    "brackets": _of("[" * 300 + "]" * 300),
    "numbers": _of("0 1 2 3 4 5"),
    "numbers out of 5": _of("0/5 1/5 2/5 3/5 4/5 5/5"),
    "middle score": _of("2.5"),
    "input": lambda sample: sample.input,
    "input in brackets": lambda sample: f"[{sample.input}]",
    "instruction": lambda sample: sample.instruction,
    "example of the form": _of("[aspirin <chemical>], [gastric ulcer <disease>]"),
    "every word [B]": lambda sample: " ".join(f"{word} [B]" for word in words(sample)),
    "one word [O]": _of("the [O]"),
    "every word with all tags": lambda sample: " ".join(f"{word} [B] {word} [I] {word} [O]" for word in words(sample)),
    "every word an item": every_word,
    "every n-gram an item": every_gram,
    "every n-gram with every label": every_gram_and_label,
    "every possible relation": every_relation,
    "JSON of everything": json_of_everything,
    "all options": options,
    "common words": _of(COMMON),
    "right item 50 times": repeated_item,
    "right answer twice": lambda sample: f"{sample.output}\n\n{sample.output}\n\n{sample.output}",
    "right answer in nonsense": nonsense,
    "right answer in symbols": symbols,
    "right answer in bracketed nonsense": bracketed_nonsense,
    "right verdict in nonsense": verdict_in_nonsense,
    "right tag in nonsense": tagged_in_nonsense,
    "right answer in a thought": lambda sample: f"<think>{sample.output}</think>",
    "thought without end": lambda sample: f"<think>It is {sample.output}",
    "megabyte of the input": lambda sample: (sample.input + " ") * (MEGABYTE // (len(sample.input) + 1)),
    "megabyte of the answer": lambda sample: (sample.output + ", ") * (MEGABYTE // (len(sample.output) + 2)),
    "megabyte of one letter": _of("x" * MEGABYTE),
}
"""Each attack by what it says. Those that know the right answer show what it earns when it is buried."""
