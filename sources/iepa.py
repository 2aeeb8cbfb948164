"""IEPA: pairs of hormones, proteins and other substances that act on each other in 200 PubMed abstracts."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Re

REPOSITORY = (
    "https://raw.githubusercontent.com/metalrt/ppi-dataset/dd49ea3217dd54043940a26f326108d1915f46df/csv_output/"
)

SOURCE = Source(
    id="iepa",
    title="Interaction Extraction Performance Assessment corpus, in the unified format",
    about="Sentences of PubMed abstracts that name both of two biochemicals, with their interactions.",
    homepage="https://github.com/metalrt/ppi-dataset",
    citation="ding2002iepa",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/metalrt/ppi-dataset",
        words="Neither the repository nor its files state a licence.",
        about=("all",),
    ),
    files={
        "IEPA-train.xml": REPOSITORY + "IEPA-train.xml",
        "IEPA-test.xml": REPOSITORY + "IEPA-test.xml",
    },
    format=InteractionXml(per="document", origin="PMID", entity="substance"),
    documents={r"(\d+)": "pmid"},
    clean=("spaces",),
    parts={"main": Part(train="IEPA-train.xml", test="IEPA-test.xml")},
    tasks=(Re(name="IEPA", types={"PPI": "interacts with"}, symmetric=("interacts with",)),),
)
