r"""Reading the answers of language models: what can be understood, by rules that keep different answers apart.

A model's answer is read by the grammar that the instruction asked for (`medinst_eval/grammar/answers.py`). If it is not
of that grammar, it is read as a person would: without thoughts, boxes, tags and fences, as JSON, as a list of lines, by
what its verdict says. Nothing is lost because something else is wrong, and nothing is right by accident: what leaves a
choice open is not read. What cannot be understood is `None` or stays as an item that equals no gold item; it never
becomes an empty list.
"""

from medinst_eval.metrics.reading.choices import label
from medinst_eval.metrics.reading.listing import brackets, items, names_of, relations
from medinst_eval.metrics.reading.numbers import number
from medinst_eval.metrics.reading.several import several
from medinst_eval.metrics.reading.shapes import UNREAD
from medinst_eval.metrics.reading.short import exact, text
from medinst_eval.metrics.reading.tagging import spans, tags
from medinst_eval.metrics.reading.texts import bare, canonical

__all__ = [
    "UNREAD",
    "bare",
    "brackets",
    "canonical",
    "exact",
    "items",
    "label",
    "names_of",
    "number",
    "relations",
    "several",
    "spans",
    "tags",
    "text",
]
