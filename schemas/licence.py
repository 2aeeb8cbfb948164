"""Licences as permissions: what may be done with a source's data, and which publication profile may hold it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, NamedTuple

Profile = Literal["open", "research", "local"]
"""`open`: only what may be redistributed. `research`: all but what an agreement binds. `local`: everything, and
it never leaves the machine."""

Access = Literal["open", "registration", "agreement", "gone"]
"""How the bytes are obtained: from an address, after registering, after signing, or no longer at all."""


About = Literal["annotations", "texts", "codes", "software", "compilation", "all"]
"""What a statement of a licence speaks of: what annotators added, the texts, identifiers of a database, programs, the
choice and order of a collection, or everything in a sample. One of software or a compilation says nothing about the
texts in it."""


class Terms(NamedTuple):
    """What a licence permits and asks for.

    Attributes:
        redistribute: whether what it covers may be passed on.
        commercial: whether it may be used commercially.
        share_alike: whether what is made from it and passed on must keep the licence.
        derivatives: whether something made from it may be passed on; samples are made from their sources.
        non_profit: whether only academic or other non-profit users may use it.
        attribution: whether its authors must be named.
        copy: whether its text must be part of every copy.
        says: lines that every copy must show, word for word.
        asks: what else it asks for, in our words.
    """

    title: str
    url: str
    redistribute: bool = True
    commercial: bool = True
    share_alike: bool = False
    derivatives: bool = True
    non_profit: bool = False
    attribution: bool = True
    copy: bool = False
    says: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


class Licence(StrEnum):
    """A licence as the authors of a source state it. `UNKNOWN` is never part of an open release.

    `ARTICLES` stands for licences that articles have one by one, and the licences of databases (`MEDDRA` and others)
    for what holds for their identifiers and names.
    """

    PUBLIC_DOMAIN = "public-domain"
    CC0_1_0 = "cc0-1.0"
    APACHE_2_0 = "apache-2.0"
    ARTICLES = "articles"
    BIONLP_ST_2011 = "bionlp-st-2011"
    CC_BY_2_0 = "cc-by-2.0"
    CC_BY_3_0 = "cc-by-3.0"
    CC_BY_4_0 = "cc-by-4.0"
    CC_BY_NC_3_0 = "cc-by-nc-3.0"
    CC_BY_NC_4_0 = "cc-by-nc-4.0"
    CC_BY_NC_SA_2_0_UK = "cc-by-nc-sa-2.0-uk"
    CC_BY_NC_SA_3_0 = "cc-by-nc-sa-3.0"
    CC_BY_SA_3_0 = "cc-by-sa-3.0"
    CC_BY_SA_4_0 = "cc-by-sa-4.0"
    CSIRO_DATA = "csiro-data"
    DRUGBANK = "drugbank"
    GENIA = "genia"
    GPL_3_0 = "gpl-3.0"
    ISC = "isc"
    MEDDRA = "meddra"
    MIT = "mit"
    NLM = "nlm"
    ODC_BY_1_0 = "odc-by-1.0"
    SNOMED_CT = "snomed-ct"
    UMLS = "umls"
    UNKNOWN = "unknown"

    @property
    def terms(self) -> Terms:
        """What the licence permits and asks for."""
        return _TERMS[self]


_CC = "https://creativecommons.org/licenses/"
_TERMS = {
    Licence.PUBLIC_DOMAIN: Terms(
        "Public domain (work of the US government)", "https://www.usa.gov/government-works", attribution=False
    ),
    Licence.CC0_1_0: Terms("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", attribution=False),
    Licence.APACHE_2_0: Terms("Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0", copy=True),
    Licence.ARTICLES: Terms(
        "Licences of the single articles (PMC Open Access Subset)",
        "https://pmc.ncbi.nlm.nih.gov/tools/openftlist/",
        commercial=False,
        asks=("look up the licence of each article that you pass on; some allow no commercial use, some no changes",),
    ),
    Licence.BIONLP_ST_2011: Terms(
        "License Terms for BioNLP Shared Task 2011 Data (non-profit research)",
        "https://github.com/openbiocorpora/bionlp-st-2011-ge/blob/master/LICENSE",
        commercial=False,
        non_profit=True,
        copy=True,
        asks=(
            "use for scholarly research above all (clause 4)",
            "make data, systems and services from the annotations for bona fide non-profit research only, and tell "
            "their users how they were made and from which data (clause 5)",
            "ask the organizers before a commercial or non-academic organization makes public use of it (clause 6)",
        ),
    ),
    Licence.CC_BY_2_0: Terms("CC BY 2.0", f"{_CC}by/2.0/"),
    Licence.CC_BY_3_0: Terms("CC BY 3.0", f"{_CC}by/3.0/"),
    Licence.CC_BY_4_0: Terms("CC BY 4.0", f"{_CC}by/4.0/"),
    Licence.CC_BY_NC_3_0: Terms("CC BY-NC 3.0", f"{_CC}by-nc/3.0/", commercial=False),
    Licence.CC_BY_NC_4_0: Terms("CC BY-NC 4.0", f"{_CC}by-nc/4.0/", commercial=False),
    Licence.CC_BY_NC_SA_2_0_UK: Terms(
        "CC BY-NC-SA 2.0 UK", f"{_CC}by-nc-sa/2.0/uk/", commercial=False, share_alike=True
    ),
    Licence.CC_BY_NC_SA_3_0: Terms("CC BY-NC-SA 3.0", f"{_CC}by-nc-sa/3.0/", commercial=False, share_alike=True),
    Licence.CC_BY_SA_3_0: Terms("CC BY-SA 3.0", f"{_CC}by-sa/3.0/", share_alike=True),
    Licence.CC_BY_SA_4_0: Terms("CC BY-SA 4.0", f"{_CC}by-sa/4.0/", share_alike=True),
    Licence.CSIRO_DATA: Terms(
        "CSIRO Data Licence (research only)",
        "https://data.csiro.au/collection/csiro:10948",
        redistribute=False,
        commercial=False,
        non_profit=True,
        asks=("use for research only, under the terms that the owner shows before the download",),
    ),
    Licence.DRUGBANK: Terms(
        "DrugBank data (CC BY-NC 4.0)",
        "https://go.drugbank.com/legal/terms_of_use",
        commercial=False,
        asks=("ask DrugBank for a licence before any commercial use of its data",),
    ),
    Licence.GENIA: Terms(
        "GENIA Project License for Annotated Corpora (CC BY 3.0)",
        "http://www.geniaproject.org/genia-corpus/license",
        copy=True,
        says=("Corpus annotations (c) GENIA Project",),
    ),
    Licence.GPL_3_0: Terms("GPL-3.0", "https://www.gnu.org/licenses/gpl-3.0.html", share_alike=True, copy=True),
    Licence.ISC: Terms("ISC", "https://opensource.org/license/isc-license-txt", copy=True),
    Licence.MEDDRA: Terms(
        "MedDRA codes (subscription of the MSSO)",
        "https://www.meddra.org/subscription/process",
        redistribute=False,
        commercial=False,
        asks=("a MedDRA subscription of whoever holds the codes; share them with other subscribers only",),
    ),
    Licence.MIT: Terms("MIT", "https://opensource.org/license/mit", copy=True),
    Licence.NLM: Terms(
        "Terms and conditions of the National Library of Medicine",
        "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
        says=(
            "Courtesy of the U.S. National Library of Medicine.",
            "This product does not reflect the most current or accurate data available from NLM.",
        ),
        asks=(
            "do not suggest that the NLM endorses what you make",
            "mind the publishers: some abstracts may be protected by copyright, over which the NLM grants nothing",
        ),
    ),
    Licence.ODC_BY_1_0: Terms("ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    Licence.SNOMED_CT: Terms(
        "SNOMED CT terms and codes (Affiliate Licence)",
        "https://www.snomed.org/get-snomed",
        redistribute=False,
        commercial=False,
        asks=("a SNOMED CT Affiliate Licence of whoever uses its terms and codes; it is free in member countries",),
    ),
    Licence.UMLS: Terms(
        "UMLS identifiers (UMLS Metathesaurus License)",
        "https://www.nlm.nih.gov/research/umls/knowledge_sources/metathesaurus/release/license_agreement.html",
        asks=("a free UMLS licence of the NLM of whoever uses the identifiers together with the Metathesaurus",),
    ),
    Licence.UNKNOWN: Terms("Not stated by the authors", "", redistribute=False, commercial=False),
}

AND = " AND "
"""Joins the licences of a sample where several hold at once, as in SPDX."""

CODES = {
    "AMT": Licence.SNOMED_CT,
    "DrugBank": Licence.DRUGBANK,
    "MedDRA": Licence.MEDDRA,
    "SNOMED CT": Licence.SNOMED_CT,
    "UMLS": Licence.UMLS,
}
"""Database -> what holds for answers that are its identifiers, whoever annotated them."""

_OPEN = (
    ("redistribute", True, "what may be redistributed"),
    ("derivatives", True, "what may be changed"),
    ("non_profit", False, "what everybody may use, not non-profit or academic users alone"),
)
"""What `open` asks of each licence: the field of its terms, the value, and in words."""


def together(licences: Iterable[Licence]) -> str:
    """Licences that hold at once, as the column `licence` names them."""
    return AND.join(dict.fromkeys(licence.value for licence in licences))


def apart(name: str) -> tuple[Licence, ...]:
    """The licences that the column `licence` names."""
    return tuple(Licence(each) for each in name.split(AND))


def titles(name: str) -> str:
    """The titles of the licences that the column `licence` names."""
    return "; ".join(licence.terms.title for licence in apart(name))


def refusal(profile: Profile, licences: Iterable[Licence], access: Access) -> str | None:
    """Say why a publication profile may not hold something, or None where it may.

    Args:
        profile: the publication profile.
        licences: all that hold for it.
        access: how the source's bytes are obtained.
    """
    if profile == "local":
        return None
    if access == "agreement":
        return f"profile `{profile}` holds nothing that an agreement binds"
    if profile == "research":
        return None
    for licence in licences:
        for field, wanted, words in _OPEN:
            if getattr(licence.terms, field) is not wanted:
                return f"profile `open` holds only {words}; licence: {licence.terms.title}"
    return None
