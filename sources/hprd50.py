"""HPRD50: proteins and their interactions in 43 PubMed abstracts to which a protein database refers."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

REPOSITORY = (
    "https://raw.githubusercontent.com/metalrt/ppi-dataset/dd49ea3217dd54043940a26f326108d1915f46df/csv_output/"
)

SOURCE = Source(
    id="hprd50",
    title="HPRD50, in the unified format of protein interaction corpora",
    about="Sentences of abstracts that the Human Protein Reference Database cites, with proteins and interactions.",
    homepage="https://github.com/metalrt/ppi-dataset",
    citation="fundel2007relex",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/metalrt/ppi-dataset",
        words="Neither the repository nor its files state a licence.",
        about=("all",),
    ),
    files={
        "HPRD50-train.xml": REPOSITORY + "HPRD50-train.xml",
        "HPRD50-test.xml": REPOSITORY + "HPRD50-test.xml",
    },
    # The attribute `type` of an entity holds entries of the database, not a type.
    format=InteractionXml(per="document", origin="origId", entity="protein"),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(train="HPRD50-train.xml", test="HPRD50-test.xml", documented={"train": 34, "test": 9}),
    },
    tasks=(
        Ner(name="HPRD50", types={"protein": "protein"}),
        Re(name="HPRD50-RE", types={"PPI": "interacts with"}, symmetric=("interacts with",)),
    ),
    verified=False,
)
