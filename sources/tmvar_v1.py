"""tmVar 1: mutations and variants in 500 PubMed abstracts."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

SOURCE = Source(
    id="tmvar_v1",
    title="tmVar corpus, first version",
    about="PubMed abstracts with the sequence variants that they write as a formula or an identifier.",
    homepage="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/tmvar/",
    citation="wei2013tmvar",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/tmvar/",
        words="Made at the US National Library of Medicine; the NCBI's public domain notice.",
        about=("annotations",),
    ),
    files={
        "tmVarCorpus.zip": "https://www.ncbi.nlm.nih.gov/CBBresearch/Lu/Demo/tmTools/download/tmVar/tmVarCorpus.zip"
    },
    format=PubTator(vocabulary={}),
    documents={r"(\d+)": "pmid"},
    clean=("tags", "glued", "punctuation", "spaces"),
    dirt="Some characters beyond ASCII were lost, with a space in their place.",
    parts={
        "main": Part(
            train="tmVarCorpus.zip!tmVarCorpus/train.PubTator.txt",
            test="tmVarCorpus.zip!tmVarCorpus/test.PubTator.txt",
        ),
    },
    tasks=(
        Ner(
            name="tmVar-v1",
            types={"DNAMutation": "DNA mutation", "ProteinMutation": "protein mutation", "SNP": "SNP identifier"},
        ),
    ),
)
