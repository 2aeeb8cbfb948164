"""What an error says of a name that it does not know."""

import pytest

import sources
from schemas.errors import DeclarationError, did_you_mean
from tasks.build.builds.order import make_order


def test_the_nearest_name_is_offered_and_none_that_is_far() -> None:
    assert did_you_mean("biosses2", ["bc5cdr", "BIOSSES"]) == " (did you mean `BIOSSES`?)"
    assert did_you_mean("MQQ", {"mqp", "MQP"}) == " (did you mean `MQP`?)"  # of two spellings the nearer one
    assert did_you_mean("zzz", ["bc5cdr", "BIOSSES"]) == did_you_mean("bc5cdr", []) == ""


def test_sources_and_tasks_are_offered() -> None:
    with pytest.raises(DeclarationError, match=r"no source `bc5cd` \(did you mean `bc5cdr`\?\)\. List .* sources"):
        sources.find("bc5cd")
    with pytest.raises(DeclarationError, match=r"no task `BIOSES` \(did you mean `BIOSSES`\?\)\. List .* tasks"):
        make_order(tasks=["BIOSES"])
