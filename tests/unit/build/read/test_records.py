"""Records in Parquet are what was read, whole and in order."""

from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.records import KINDS, Argument, Document, Entity, Event, Link, Mention, Relation
from tasks.build.read import records
from tasks.build.read.records import DOCUMENT, batch, columns_of, write_documents

texts = st.text(st.sampled_from("aé😀\0\n\u2028[]<>\\\"'"), max_size=5)
numbers = st.integers(0, 2**31 - 1)


def many(part: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(part, max_size=3).map(tuple)


arguments = many(st.builds(Argument, texts, texts, texts, texts))
documents = st.builds(
    Document,
    texts,
    texts,
    many(
        st.builds(Entity, texts, texts, many(st.tuples(numbers, numbers)), texts, many(st.builds(Link, texts, texts)))
    ),
    many(st.builds(Relation, texts, texts, arguments)),
    many(st.builds(Event, texts, texts, texts, numbers, arguments)),
    many(many(st.builds(Mention, texts, texts))),
)


def plain(value: Any) -> Any:
    """What Polars makes of a record."""
    match value:
        case Document():
            return {name: plain(getattr(value, name)) for name in DOCUMENT.names}
        case tuple() if hasattr(value, "_asdict"):
            return {name: plain(each) for name, each in value._asdict().items()}
        case (int(start), int(end)):
            return {"start": start, "end": end}
        case tuple():
            return [plain(each) for each in value]
        case _:
            return value


@pytest.mark.heavy
@settings(deadline=None, max_examples=50)
@given(st.lists(documents, max_size=5))
def test_documents_are_read_back_as_they_were(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("records") / "x.parquet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "CHUNK", 2)
        write_documents(iter(found), path)
    frame = pl.read_parquet(path)
    assert frame.to_dicts() == [plain(document) for document in found]
    assert frame.equals(pl.DataFrame(batch(found)))
    assert pl.scan_parquet(path).collect().equals(frame)


def test_the_columns_are_the_fields():
    assert tuple(DOCUMENT.names) == tuple(Document.__dataclass_fields__)
    for name, part in (("entities", Entity), ("relations", Relation), ("events", Event)):
        assert tuple(field.name for field in DOCUMENT.field(name).type.value_type) == part._fields
    assert batch([]).schema == DOCUMENT
    for kind in KINDS.keys() - {"Document"}:
        assert tuple(columns_of(kind)) == tuple(KINDS[kind].__dataclass_fields__)
    assert columns_of("Question")["answers"] == pl.List(pl.String)


def test_a_failing_reader_leaves_no_whole_file(tmp_path):
    def broken():
        yield Document("7", "a")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write_documents(broken(), tmp_path / "x.parquet")


def test_the_same_documents_are_the_same_bytes(tmp_path):
    found = [Document(str(number), "text" * number, (Entity("T1", "X", ((0, 4),), "text"),)) for number in range(50)]
    for name in ("a", "b"):
        write_documents(found, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert isinstance(batch(found), pa.RecordBatch)
