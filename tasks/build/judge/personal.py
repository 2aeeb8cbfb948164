"""Personal data: which samples hold a direct identifier of a person, of the kinds that `schemas/personal.py` declares.

Texts without `@`, `/` and digits hold none, which is seen in their bytes. Out of the others Polars picks
candidates by pattern; only these few strings are looked at one by one, with libraries that know what an address, a
telephone number or a network is. Nothing here is looked up anywhere.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import product
from types import MappingProxyType

import phonenumbers
import polars as pl
from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType

from schemas import personal
from schemas.personal import IDENTIFIERS
from schemas.profile import SampleProfile
from tasks.base.store.utf8 import Utf8, as_arrow

FIELDS = ("input", "output")

FINDINGS = pl.Schema(dict.fromkeys(("split", "id", "field", "measure", "found"), pl.String))
"""One identifier in one field of a sample, redacted."""


def candidates(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What looks like an identifier: `id`, `field` and a list of strings for each measure.

    Args:
        rows: samples with `id`, `input` and `output`.
    """
    texts = pl.concat([rows.select("id", field=pl.lit(field), text=pl.col(field)) for field in FIELDS])
    text = pl.col("text")
    some = texts.filter(suspicious(text))
    return some.select("id", "field", **{kind.measure: text.str.extract_all(kind.pattern) for kind in IDENTIFIERS})


def suspicious(text: pl.Expr) -> pl.Expr:
    """Whether a text has a candidate of any kind."""
    return text.map_batches(_suspicious, return_dtype=pl.Boolean, is_elementwise=True)


_ANY = "|".join(f"(?:{kind.pattern})" for kind in IDENTIFIERS)


_SIGNS = (ord("/"), ord("@"))
"""The first and last of the characters one of which is in every identifier: the digits are between the two."""


def _suspicious(texts: pl.Series) -> pl.Series:
    first, last = _SIGNS
    signs = Utf8.of(as_arrow(texts)).counts(lambda piece: piece - first <= last - first)
    possible = pl.Series(texts.name, signs > 0)
    return possible.scatter(possible.arg_true(), texts.filter(possible).str.contains(_ANY))


def findings(split: str, candidates: pl.DataFrame) -> pl.DataFrame:
    """Those candidates that are identifiers, redacted and sorted: a table of `FINDINGS`."""
    long = candidates.unpivot(index=["id", "field"], variable_name="measure", value_name="found").explode("found")
    rows = [
        (split, id_, field, measure, redacted(identifier))
        for id_, field, measure, found in long.drop_nulls("found").iter_rows()
        if (identifier := CHECKS[measure](found))
    ]
    return pl.DataFrame(rows, FINDINGS, orient="row").sort(FINDINGS.names())


def counts(findings: pl.DataFrame) -> dict[str, int]:
    """How many samples hold an identifier of each kind: the measures of a `SampleProfile`."""
    samples = dict(findings.group_by("measure").agg(pl.col("id").n_unique()).iter_rows())
    return {kind.measure: samples.get(kind.measure, 0) for kind in IDENTIFIERS}


def examples(findings: pl.DataFrame, limit: int) -> dict[str, tuple[str, ...]]:
    """Up to so many ids of samples for each measure that found something."""
    ids = findings.unique(["measure", "id"]).sort("id").group_by("measure").agg(pl.col("id").head(limit))
    return {measure: tuple(some) for measure, some in ids.sort("measure").iter_rows()}


def without_examples(profile: SampleProfile) -> SampleProfile:
    """A profile without the ids of samples that hold personal identifiers, for whatever leaves the machine."""
    hidden = {kind.measure for kind in IDENTIFIERS}
    kept = {measure: ids for measure, ids in profile.examples.items() if measure not in hidden}
    return profile.model_copy(update={"examples": kept})


def redacted(identifier: str) -> str:
    """The first character of each word or number: enough to see what a finding is, too little to use it."""
    return re.sub(r"([^\W_])[^\W_]+", r"\1…", identifier)


def _email(found: str) -> str:
    address = found.replace(" ", "").strip(".-%+_")
    ending = address.rsplit(".", 1)[-1]
    # A sentence that lacks a space (`core@shell.The`) is not an address.
    if not (ending in _ENDINGS or re.fullmatch("[a-z]{2}", ending) or address.isupper()):
        return ""
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return ""


_ENDINGS = {"com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "example"}
"""Last parts of addresses, beside those of two letters."""


def _phone(found: str) -> str:
    if re.search(r"\d\.\d(?!\d)", found):  # 100.0 is a measurement
        return ""
    number = re.sub(r" ?([-().+/:]) ?", r"\1", found).replace("++", "+")
    regions = _REGIONS if found.lstrip(" (")[0].isalpha() else ("US",)
    # The last digits may be the next number of the text.
    for text, region in product((number, number.rpartition(" ")[0]), regions):
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            return "" if phonenumbers.number_type(match.number) in _OF_NOBODY else match.raw_string
    return ""


_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CN", "IN", "JP", "BR", "AU")
"""Where a number after a word such as `phone` may be valid; written otherwise it must be American or international."""

_OF_NOBODY = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
}
"""Numbers that only organisations have: helplines and hotlines."""


def _url(found: str) -> str:
    address = found.rstrip(".,;:)]}>'\"")
    segments = [segment for segment in re.split("[/?#]+", address) if segment]
    return "" if _PAGES.intersection(segment.lower() for segment in segments[1:]) else address


_PAGES = {
    "about", "events", "explore", "features", "groups", "guide", "hashtag", "help", "home", "intent", "login", "pages",
    "search", "settings", "share", "sharer", "sharer.php", "signup", "topics",
}  # fmt: skip
"""Pages that sites have beside those of their users."""


def _record(found: str) -> str:
    (number,) = re.findall(r"\d{3} \d{3} \d{4}$|[0-9A-Za-z]+(?: ?[-/] ?[0-9A-Za-z]+)*$", found)
    named = re.search("[A-Za-z]{3}", number)  # the MRN complex is one of genes (MRE11-RAD50-NBS1)
    return "" if named or sum(map(str.isdigit, number)) < _DIGITS else number


_DIGITS = 5
"""A shorter number is that of somebody in a study."""


def _birth(found: str) -> str:
    parts = " ".join(re.findall(f"[0-9]+|{personal.MONTHS}", found.lower()))
    for form in _DATES:
        try:
            born = datetime.strptime(parts, form).date()
        except ValueError:
            continue
        return born.isoformat() if born.year >= 1900 else ""
    return ""


_DATES = ("%b %d %Y", "%d %b %Y", "%Y %m %d", "%Y %b %d", "%m %d %Y", "%d %m %Y", "%m %d %y", "%d %m %y", "%d %b %y")
"""A span of dates has more parts than these. A year before 1900 concerns nobody alive."""


def _social_security(found: str) -> str:
    area, group, serial = re.fullmatch(r"\D*(\d{3})\D*(\d\d)\D*(\d{4})\D*", found).groups()  # pyright: ignore
    issued = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
    return f"{area}-{group}-{serial}" if issued else ""


def _ip_address(found: str) -> str:
    try:
        return str(ipaddress.IPv4Address(re.split(r"[^0-9.]", found)[-1]))
    except ValueError:
        return ""


CHECKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        personal.EMAILS.measure: _email,
        personal.PHONES.measure: _phone,
        personal.URLS.measure: _url,
        personal.RECORDS.measure: _record,
        personal.BIRTHS.measure: _birth,
        personal.SOCIAL_SECURITY.measure: _social_security,
        personal.IP_ADDRESSES.measure: _ip_address,
    }
)
"""Measure -> what decides on a candidate: the identifier in it, or nothing."""
