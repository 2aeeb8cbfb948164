"""The comments of the catalogue: what each table, view and column means, for any client that opens it."""

from collections.abc import Iterator

from schemas.meanings import meanings, plain
from tasks.build.catalogue.file import quoted


def statements() -> Iterator[str]:
    """The statements that comment every table, view and column."""
    for name, meaning in meanings().items():
        yield f"COMMENT ON {meaning.kind} {name} IS {quoted(plain(meaning.about))}"
        for column, words in meaning.columns.items():
            yield f'COMMENT ON COLUMN {name}."{column}" IS {quoted(plain(words))}'
