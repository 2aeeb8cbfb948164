"""The golden samples as samples that answers can be given to."""

import re
from functools import cache

from medinst_eval.definitions import definitions
from medinst_eval.rewards import Verifier
from medinst_eval.rewards.attacks import Sample
from tests.support.places import CHECKOUT

_PARTS = re.compile(r"=== instruction\n(.*?)\n\n=== input\n(.*?)\n\n=== output\n(.*)\n", re.DOTALL)


@cache
def golden() -> dict[str, Sample]:
    """One sample of each task, from the miniatures, by task."""
    found: dict[str, Sample] = {}
    for path in sorted((CHECKOUT / "tests" / "golden").glob("*.txt")):
        match = _PARTS.search(path.read_text(encoding="utf-8"))
        assert match is not None, path
        instruction, asked, answer = match.groups()
        found[path.stem] = Sample(instruction, asked, answer, Verifier.of(definitions()[path.stem], asked))
    return found
