"""Every licence has its identifier in the SPDX License List, or one of the form that SPDX keeps for others."""

import pytest
from packaging.licenses import canonicalize_license_expression

from schemas.licence import Licence
from schemas.spdx import SPDX, expression, reference
from sources import registry


def test_every_licence_has_one() -> None:
    assert set(SPDX) == set(Licence)
    assert len(set(SPDX.values())) == len(SPDX)


@pytest.mark.parametrize("licence", sorted(Licence))
def test_it_is_in_the_list_or_says_that_it_is_not(licence: Licence) -> None:
    """`packaging` has the list, and writes identifiers as the list does."""
    assert canonicalize_license_expression(SPDX[licence]) == SPDX[licence]
    listed = not SPDX[licence].startswith("LicenseRef-")
    assert listed == reference(licence).startswith("https://spdx.org/licenses/")


def test_a_licence_of_the_list_is_not_hidden_behind_a_reference() -> None:
    refs = [name for name in SPDX.values() if name.startswith("LicenseRef-")]
    for name in refs:
        with pytest.raises(ValueError, match=r"(?i)invalid|unknown"):
            canonicalize_license_expression(name.removeprefix("LicenseRef-"))


def test_the_licences_of_every_source_are_a_valid_expression() -> None:
    for source in registry().values():
        said = expression(source.licences())
        assert canonicalize_license_expression(said) == said, source.id
