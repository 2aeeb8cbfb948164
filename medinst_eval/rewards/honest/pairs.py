"""Relations, events and other mentions, from names that stand together."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial

from medinst_eval.grammar.brackets import NOTHING
from medinst_eval.grammar.labels import Triple
from medinst_eval.rewards.attacks import Sample
from medinst_eval.rewards.honest.names import FORMS, TOKEN, Names, Way, key, parsed


def related(training: Sequence[Sample], kind: str, beside: Sequence[Sample]) -> dict[str, Way]:
    """Relate what the training set relates: known pairs, or names that stand together."""
    triples = [(sample.input, parsed(sample, kind)) for sample in training]
    relation, first, last = (1, 0, 2) if kind == "relations" else (0, 1, 2)
    named = [
        [(text, [(each[end], each[relation]) for each in found]) for text, found in triples] for end in (first, last)
    ]
    seen, loose = ([Names(each, share) for each in named] for share in (0.3, 0.02))
    entities = Names([(each.input, [(name, "") for name, _ in parsed(each, "entities")]) for each in beside], share=0.5)
    usual = Counter(each[relation] for _, found in triples for each in found).most_common(1)
    pairs: dict[tuple[tuple[str, ...], tuple[str, ...]], Counter[str]] = defaultdict(Counter)
    for _, found in triples:
        for each in found:
            pairs[key(each[first]), key(each[last])][each[relation]] += 1

    def write(found: Sequence[tuple[str, str, str]]) -> str:
        ordered = [(head, label, tail) if kind == "relations" else (label, head, tail) for head, label, tail in found]
        return FORMS[kind].write([Triple(*each) for each in dict.fromkeys(ordered)])

    def near(sample: Sample, heads: Names, tails: Names, reach: int, known: bool = False) -> str:
        text = sample.input
        found = [
            (text[a:b], label, text[c:d])
            for a, b, label in heads.find(text)
            for c, d, _ in tails.find(text)
            if (b <= c or d <= a) and max(a, c) - min(b, d) <= reach
            if not known or (key(text[a:b]), key(text[c:d])) in pairs
        ]
        labels = [label or (usual[0][0] if usual else "") for _, label, _ in found]
        return write(
            [
                (head, _usual(pairs, head, tail, label), tail)
                for (head, _, tail), label in zip(found, labels, strict=True)
            ]
        )

    return {
        "known pairs": partial(near, heads=seen[0], tails=seen[1], reach=10**9, known=True),
        "known pairs close by": partial(near, heads=seen[0], tails=seen[1], reach=150, known=True),
        "names side by side": partial(near, heads=seen[0], tails=seen[1], reach=25),
        "names close by": partial(near, heads=seen[0], tails=seen[1], reach=150),
        "all names side by side": partial(near, heads=loose[0], tails=loose[1], reach=25),
        "entities side by side": partial(near, heads=entities, tails=entities, reach=10),
        "names beside entities": partial(near, heads=loose[0], tails=entities, reach=60),
        "entities beside names": partial(near, heads=entities, tails=loose[1], reach=60),
    }


def _usual(pairs: dict, head: str, tail: str, label: str) -> str:
    counts = pairs.get((key(head), key(tail)))
    return counts.most_common(1)[0][0] if counts else label


def mentioned(training: Sequence[Sample]) -> dict[str, Way]:
    """Other mentions: what stands in parentheses behind the mention, or before it; words that often are an answer."""
    usual = Counter(key(text) for sample in training for text in parsed(sample, "mentions"))

    def split(sample: Sample) -> tuple[str, str, str]:
        text, _, asked = sample.input.rpartition("\n\nMention: ")
        mention, _, context = asked.partition("\nIn context: ")
        return text, mention, context

    def behind(sample: Sample) -> str:
        text, mention, _ = split(sample)
        found = re.search(re.escape(mention) + r"\s*\(\s*([^()]+?)\s*[);,]", text)
        return f"[{found.group(1)}]" if found else before(sample)

    def before(sample: Sample) -> str:
        text, mention, _ = split(sample)
        found = re.search(r"(\S+)\s*\(\s*" + re.escape(mention), text)
        return f"[{found.group(1)}]" if found else NOTHING

    def following(sample: Sample) -> str:
        _, _, context = split(sample)
        rest = context.partition("]]")[2]
        found = [word for word in TOKEN.findall(rest) if usual[key(word)] > 1]
        return f"[{found[0]}]" if found else behind(sample)

    return {"in parentheses": behind, "usual word behind it": following}
