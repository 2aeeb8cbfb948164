"""Licences by their identifiers in the SPDX License List; those that it lacks, as `LicenseRef-…`, as SPDX asks."""

from collections.abc import Iterable

from schemas.licence import AND, Licence

LIST = "https://spdx.org/licenses/"
"""Where the list has a page for each of its licences."""

SPDX = {
    Licence.PUBLIC_DOMAIN: "LicenseRef-US-Government-Work",
    Licence.CC0_1_0: "CC0-1.0",
    Licence.APACHE_2_0: "Apache-2.0",
    Licence.ARTICLES: "LicenseRef-PMC-Articles",
    Licence.BIONLP_ST_2011: "LicenseRef-BioNLP-ST-2011",
    Licence.CC_BY_2_0: "CC-BY-2.0",
    Licence.CC_BY_3_0: "CC-BY-3.0",
    Licence.CC_BY_4_0: "CC-BY-4.0",
    Licence.CC_BY_NC_3_0: "CC-BY-NC-3.0",
    Licence.CC_BY_NC_4_0: "CC-BY-NC-4.0",
    Licence.CC_BY_NC_SA_2_0_UK: "CC-BY-NC-SA-2.0-UK",
    Licence.CC_BY_NC_SA_3_0: "CC-BY-NC-SA-3.0",
    Licence.CC_BY_SA_3_0: "CC-BY-SA-3.0",
    Licence.CC_BY_SA_4_0: "CC-BY-SA-4.0",
    Licence.CSIRO_DATA: "LicenseRef-CSIRO-Data",
    Licence.DRUGBANK: "LicenseRef-DrugBank",
    Licence.GENIA: "LicenseRef-GENIA",
    Licence.GPL_3_0: "GPL-3.0-only",
    Licence.ISC: "ISC",
    Licence.MEDDRA: "LicenseRef-MedDRA",
    Licence.MIT: "MIT",
    Licence.NLM: "LicenseRef-NLM",
    Licence.ODC_BY_1_0: "ODC-By-1.0",
    Licence.SNOMED_CT: "LicenseRef-SNOMED-CT",
    Licence.UMLS: "LicenseRef-UMLS",
    Licence.UNKNOWN: "LicenseRef-Not-Stated",
}
"""Licence -> its identifier. Who states version 3 of the GPL and says nothing of later ones has stated that version."""


def expression(licences: Iterable[Licence]) -> str:
    """The SPDX expression of licences that hold at once."""
    return AND.join(dict.fromkeys(SPDX[licence] for licence in licences))


def reference(licence: Licence) -> str:
    """The page of a licence in the SPDX License List; that of its terms where the list lacks it."""
    name = SPDX[licence]
    return licence.terms.url if name.startswith("LicenseRef-") else f"{LIST}{name}"
