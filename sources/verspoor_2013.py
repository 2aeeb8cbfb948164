"""Variome corpus: genes, mutations, diseases and patients in ten papers on inherited colorectal cancer."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

CORPUS = "master.zip!*/resources/Verspoor2013/"

SOURCE = Source(
    id="verspoor_2013",
    title="Variome corpus",
    about="Paragraphs of ten open access papers with genes, mutations, diseases, patients and how they are related.",
    homepage="https://github.com/rockt/SETH/tree/master/resources/Verspoor2013",
    citation="verspoor2013variome",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/rockt/SETH/blob/master/resources/Verspoor2013/readme.txt",
        words="The readme of the corpus states no licence; that of the repository is others' and about their code.",
        about=("all",),
    ),
    files={
        "master.zip": "https://github.com/rockt/SETH/archive/a3d7ce7d767d65865c0fa402cfb357233c8009e1.zip",
    },
    format=Standoff(annotations=(".ann",), texts="apart", skip=("** IGNORE LINE **",)),
    # The number before the section is the PMCID, says the readme.
    documents={r"(\d+)-.+": "pmcid"},
    parts={
        "main": Part(
            train={"texts": CORPUS + "corpus/*.txt", "annotations": CORPUS + "annotations/*.ann"},
            documented={"train": 120},
        )
    },
    tasks=(
        Ner(
            name="Verspoor-2013",
            types={
                "Concepts_Ideas": "characteristic",
                "Disorder": "disorder",
                "Phenomena": "phenomenon",
                "Physiology": "physiology",
                "age": "age",
                "body-part": "body part",
                "cohort-patient": "cohort or patient",
                "disease": "disease",
                "ethnicity": "ethnicity",
                "gender": "gender",
                "gene": "gene",
                "mutation": "mutation",
                "size": "size",
            },
        ),
        Re(name="Verspoor-2013-RE", types={"has": "has", "relatedTo": "is related to"}),
    ),
)
