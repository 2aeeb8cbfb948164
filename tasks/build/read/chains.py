"""Coreference chains from groups of equal mentions: to be equal is transitive."""

from collections.abc import Iterable, Sequence


def united(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """Groups of ids, those that share one as one group, each id once and in the order of the groups.

    ```
    united([["T1", "T2"], ["T3", "T4"], ["T2", "T3"]]) == [["T1", "T2", "T3", "T4"]]
    ```
    """
    found: list[dict[str, None]] = []
    for group in groups:
        met = [one for one in found if not one.keys().isdisjoint(group)]
        rest = [one for one in found if one not in met]
        whole = dict.fromkeys(id_ for one in (*met, group) for id_ in one)
        place = found.index(met[0]) if met else len(rest)
        rest.insert(place, whole)
        found = rest
    return [list(one) for one in found]
