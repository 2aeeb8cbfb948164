"""The tables and views of the catalogue, as docs/data-model.md lists them."""

from schemas.meanings import Meaning, meanings
from tasks.tools.declare.marks import between

BEGIN, END = "<!-- catalogue: generated from schemas/catalogue.yml -->", "<!-- catalogue: end -->"


def with_catalogue(page: str) -> str:
    """A page with the tables and views between its two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    return between(page, BEGIN, END, _listed())


def _listed() -> str:
    titles = {"TABLE": "### Tables", "VIEW": "### Views"}
    return "\n".join(
        f"{title}\n\n" + "\n".join(_table(name, one) for name, one in meanings().items() if one.kind == kind)
        for kind, title in titles.items()
    )


def _table(name: str, meaning: Meaning) -> str:
    rows = "".join(f"| `{column}` | {words} |\n" for column, words in meaning.columns.items())
    return f"**{name}**: {meaning.about}\n\n| Column | Contents |\n| --- | --- |\n{rows}"
