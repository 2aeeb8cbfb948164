"""MedMentions ST21pv: mentions of UMLS concepts of 21 semantic types in 4,392 PubMed abstracts."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

REPOSITORY = "https://github.com/chanzuckerberg/MedMentions/raw/14578232bb6cdf290fea9dd7fee60a3e01ee6fd5/"
LIST = "corpus_pubtator_pmids_{}.txt"
DOCUMENTS = "corpus_pubtator.txt.gz!corpus_pubtator.txt"

SOURCE = Source(
    id="medmentions",
    title="MedMentions ST21pv",
    about="PubMed abstracts of 2016 with the UMLS concepts of 21 semantic types that they mention.",
    homepage="https://github.com/chanzuckerberg/MedMentions",
    citation="mohan2019medmentions",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://github.com/chanzuckerberg/MedMentions",
        words="README: released under CC0 1.0.",
        about=("all",),
    ),
    files={
        "corpus_pubtator.txt.gz": REPOSITORY + "st21pv/data/corpus_pubtator.txt.gz",
        LIST.format("trng"): REPOSITORY + "full/data/" + LIST.format("trng"),
        LIST.format("dev"): REPOSITORY + "full/data/" + LIST.format("dev"),
        LIST.format("test"): REPOSITORY + "full/data/" + LIST.format("test"),
    },
    # The subset that the authors made for linking: its 21 types an annotator can keep in mind, the 127 of UMLS not.
    format=PubTator(vocabulary="UMLS", prefixes={"UMLS:": "UMLS"}, separators=""),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train={"documents": DOCUMENTS, "ids": LIST.format("trng")},
            dev={"documents": DOCUMENTS, "ids": LIST.format("dev")},
            test={"documents": DOCUMENTS, "ids": LIST.format("test")},
        ),
    },
    tasks=(
        Ner(
            name="MedMentions",
            types={
                "T005": "virus",
                "T007": "bacterium",
                "T017": "anatomical structure",
                "T022": "body system",
                "T031": "body substance",
                "T033": "finding",
                "T037": "injury or poisoning",
                "T038": "biologic function",
                "T058": "health care activity",
                "T062": "research activity",
                "T074": "medical device",
                "T082": "spatial concept",
                "T091": "biomedical occupation or discipline",
                "T092": "organization",
                "T097": "professional or occupational group",
                "T098": "population group",
                "T103": "chemical",
                "T168": "food",
                "T170": "intellectual product",
                "T201": "clinical attribute",
                "T204": "eukaryote",
            },
        ),
        Ned(name="MedMentions-NED", databases=("UMLS",)),
    ),
    partial=frozenset({"4f397f011e23ac4529b928e3185792bf097d3a9461f49c8ee0b4effc816ab090"}),
)
