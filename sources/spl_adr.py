"""SPL-ADR: adverse reactions, what qualifies them and their MedDRA terms in 101 labels of drugs."""

from schemas.formats import SectionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner, Re

SOURCE = Source(
    id="spl_adr",
    title="Structured product labels annotated for adverse drug reactions (TAC 2017)",
    about="Sections of labels of prescription drugs with adverse reactions, their modifiers and MedDRA terms.",
    homepage="https://bionlp.nlm.nih.gov/tac2017adversereactions/",
    citation="demnerfushman2018spl",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://osf.io/6h9q4/",
        words="The authors' record of 200 labels, to which these 101 belong, states CC0 1.0.",
        about=("all",),
    ),
    files={"train_xml.tar.gz": "https://bionlp.nlm.nih.gov/tac2017adversereactions/train_xml.tar.gz"},
    format=SectionXml(links={"meddra_pt_id": "MedDRA"}),
    documents={r"(.+)": "own"},
    dirt=(
        "Labels keep their layout: tables are drawn with spaces, and one holds a remnant of the program that wrote it."
    ),
    parts={"main": Part(train="train_xml.tar.gz!train_xml/*.xml", documented={"train": 101})},
    tasks=(
        Ner(
            name="SPL-ADR",
            discontinuous=True,
            types={
                "AdverseReaction": "adverse reaction",
                "Animal": "animal",
                "DrugClass": "drug class",
                "Factor": "factor",
                "Negation": "negation",
                "Severity": "severity",
            },
        ),
        Ned(name="SPL-ADR-NED", discontinuous=True, databases=("MedDRA",)),
        Re(
            name="SPL-ADR-RE",
            discontinuous=True,
            types={
                "Effect": "has severity",
                "Hypothetical": "is hypothetical because of",
                "Negated": "is negated by",
            },
        ),
    ),
    verified=False,
)
