"""tmVar 2: mutations and variants with their numbers in dbSNP in 158 PubMed abstracts."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

FILES = "https://www.ncbi.nlm.nih.gov/CBBresearch/Lu/Demo/tmTools/download/tmVar/"
LISTED = "Only variants that dbSNP lists were kept; which ones it lists cannot be seen from the text."

SOURCE = Source(
    id="tmvar_v2",
    title="tmVar corpus, second version",
    about="PubMed abstracts with sequence variants, most of them with their number in dbSNP.",
    homepage="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/tmvar/",
    citation="wei2018tmvar",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/tmvar/",
        words="Made at the US National Library of Medicine; the NCBI's public domain notice.",
        about=("annotations",),
    ),
    files={"tmVar.Normalization.txt": FILES + "tmVar.Normalization.txt"},
    format=PubTator(vocabulary={}, patterns={r"(?:RSID:|rs)(\d+)": "dbSNP/rs"}, separators=",;", columns=(5, 6)),
    documents={r"(\d+)": "pmid"},
    parts={"main": Part(train="tmVar.Normalization.txt", documented={"train": 158})},
    tasks=(
        Ner(
            name="tmVar-v2",
            answerable="partly",
            because=LISTED,
            types={"DNAMutation": "DNA mutation", "ProteinMutation": "protein mutation", "SNP": "rs number"},
        ),
        Ned(name="tmVar-v2-NED", databases=("dbSNP",), answerable="partly", because=LISTED),
    ),
    verified=False,
)
