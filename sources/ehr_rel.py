"""EHR-Rel: how closely are two clinical concepts of patients' records related?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Sts

REPOSITORY = "https://raw.githubusercontent.com/babylonhealth/EHR-Rel/379b39efa17b7769e5d41f7b1b689e40dbe50efc/"

SOURCE = Source(
    id="ehr_rel",
    title="EHR-Rel",
    about="Pairs of SNOMED CT terms that occur in the records of one patient, rated for relatedness from 0 to 3.",
    homepage="https://github.com/babylonhealth/EHR-Rel",
    citation="schulz2020ehrrel",
    licence=Licence.APACHE_2_0,
    evidence=Evidence(
        url="https://github.com/babylonhealth/EHR-Rel/blob/master/NOTICE",
        words="The repository is under Apache 2.0 and its NOTICE speaks of software; the scores of the "
        "pairs are the authors' own.",
        about=(
            "software",
            "annotations",
        ),
        enclosed=(
            "apache-2.0.txt",
            "notice-ehr-rel.txt",
        ),
    ),
    also=(
        Further(
            licence=Licence.SNOMED_CT,
            url="https://github.com/babylonhealth/EHR-Rel",
            words="README: all pairs are terms of the UK edition of SNOMED CT, for which users need a licence "
            "of their own.",
            about=(
                "texts",
                "codes",
            ),
        ),
    ),
    files={name: REPOSITORY + name for name in ("EHR-RelA.tsv", "EHR-RelB.tsv")},
    format=Delimited(
        record="Pair",
        separator="\t",
        fields={"first": "snomed_label_1", "second": "snomed_label_2", "label": "mean_rating"},
    ),
    documents="Pairs of terms come from no document.",
    parts={"main": Part(train=("EHR-RelA.tsv", "EHR-RelB.tsv"))},
    tasks=(Sts(name="EHR-Rel", scale=(0, 3), first="Concept 1", second="Concept 2"),),
)
