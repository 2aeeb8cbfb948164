"""tmVar 3: variants, alleles, genes, species and cell lines, with their identifiers, in 500 PubMed abstracts."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

VARIANTS = {
    "AcidChange": "acid change",
    "DNAAllele": "DNA allele",
    "DNAMutation": "DNA mutation",
    "OtherMutation": "other mutation",
    "ProteinAllele": "protein allele",
    "ProteinMutation": "protein mutation",
    "SNP": "SNP",
}

SOURCE = Source(
    id="tmvar_v3",
    title="tmVar corpus, third version",
    about="PubMed abstracts with sequence variants in every form, the genes and species they "
    "belong to, and cell lines.",
    homepage="https://github.com/ncbi/tmVar3",
    citation="wei2022tmvar",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://github.com/ncbi/tmVar3",
        words="COPYING in the authors' repository: a work of the US government, public domain.",
        about=("annotations",),
    ),
    files={
        "tmVar3Corpus.txt": (
            "https://ftp.ncbi.nlm.nih.gov/pub/lu/tmVar3/tmVar3Corpus.txt",
            "ftp://ftp.ncbi.nlm.nih.gov/pub/lu/tmVar3/tmVar3Corpus.txt",
        ),
    },
    format=PubTator(
        vocabulary={"Gene": "NCBI Gene", "Species": "NCBI Taxonomy", "CellLine": "NCBI Taxonomy"},
        patterns={r"(?:RS#:|rs)(\d+)": "dbSNP/rs", r"([a-z]?\|.+)": "variant notation"},
        separators={"Gene": ",;", "Species": ",", "CellLine": ",", **dict.fromkeys(VARIANTS, ";")},
        nothing=("-", "", "D007333"),  # the last is MeSH's insulin resistance, once given as a gene
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation"),
    parts={"main": Part(test="tmVar3Corpus.txt")},
    tasks=(
        Ner(name="tmVar-v3", types={"CellLine": "cell line", "Gene": "gene", "Species": "species", **VARIANTS}),
        Ned(name="tmVar-v3-NED", databases=("NCBI Gene", "NCBI Taxonomy", "dbSNP", "variant notation")),
    ),
    derived={
        "e4d493865b81dff7a19471e6af8ec698bf039833134ca8b8fd4971f6329b0195": (
            "It was written anew from the PubTator file of AIONER, without the diseases that were added there."
        ),
    },
)
