"""DDI: drugs and how they interact in 1,017 texts of DrugBank and MEDLINE."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

ARCHIVE = "DDICorpus-2013(BRAT).zip"
DATA = f"{ARCHIVE}!DDICorpusBrat/"

SOURCE = Source(
    id="ddi",
    title="DDI corpus 2013",
    about="Texts on drug interactions from DrugBank and PubMed with drugs and four kinds of interactions.",
    homepage="https://github.com/isegura/DDICorpus",
    citation="herrerozazo2013ddi",
    licence=Licence.CC_BY_NC_4_0,
    evidence=Evidence(
        url="https://github.com/isegura/DDICorpus",
        words="README of the repository: no commercial use (CC BY-NC 4.0).",
        about=(
            "annotations",
            "texts",
        ),
    ),
    files={ARCHIVE: f"https://github.com/isegura/DDICorpus/raw/819b0fa538ed83ab2a8b4f5417bba3c03249b7f3/{ARCHIVE}"},
    format=Standoff(annotations=(".ann",)),
    # Abstracts are named by their PMID, entries of DrugBank by the drug.
    documents={r"(\d+)": "pmid", r"(.+)_ddi": "own"},
    clean=("punctuation", "spaces"),
    dirt="Signs of trade marks were lost, with spaces in their place.",
    parts={
        "main": Part(train=f"{DATA}Train/**", test=f"{DATA}Test/**", documented={"train": 714, "test": 303}),
    },
    tasks=(
        Ner(
            name="DDI",
            discontinuous=True,
            types={"BRAND": "brand", "DRUG": "drug", "DRUG_N": "unapproved substance", "GROUP": "group"},
        ),
        Re(
            name="DDI-RE",
            discontinuous=True,
            symmetric=(
                "advised against or with caution together with",
                "combined effect with",
                "unspecified interaction with",
                "pharmacokinetic interaction with",
            ),
            types={
                "ADVISE": "advised against or with caution together with",
                "EFFECT": "combined effect with",
                "INT": "unspecified interaction with",
                "MECHANISM": "pharmacokinetic interaction with",
            },
        ),
    ),
    verified=False,
)
