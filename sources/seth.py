"""SETH corpus: genetic variants, the genes that they are in and their rs numbers in 630 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner, Re

CORPUS = "master.zip!SETH-*/resources/SETH-corpus/"

SOURCE = Source(
    id="seth",
    title="SETH corpus",
    about="Titles and abstracts of human genetics papers with genes, variants and the genes that variants belong to.",
    homepage="https://github.com/rockt/SETH",
    citation="thomas2016seth",
    licence=Licence.APACHE_2_0,
    evidence=Evidence(
        url="https://github.com/rockt/SETH/blob/master/LICENSE",
        words="Apache License 2.0 for a repository of programs that holds the corpus as well.",
        about=("software",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://github.com/rockt/SETH/blob/master/resources/SETH-corpus/README.txt",
            words="The README of the corpus states no licence for it.",
            about=("annotations",),
        ),
    ),
    files={"master.zip": "https://github.com/rockt/SETH/archive/a3d7ce7d767d65865c0fa402cfb357233c8009e1.zip"},
    # One file marks some of its variants as events without an argument; as entities they are marked like all others.
    format=Standoff(annotations=(".ann",), texts="lines", skip=("E",)),
    documents={r"(\d+)": "pmid"},
    clean=("punctuation",),
    parts={"main": Part(train={"texts": CORPUS + "corpus.txt", "annotations": CORPUS + "annotations/*.ann"})},
    tasks=(
        Ner(name="SETH", types={"Gene": "gene", "SNP": "variant", "RS": "rs number"}),
        Re(
            name="SETH-RE",
            types={"AssociatedTo": "belongs to", "Equals": "is another name of"},
            symmetric=("is another name of",),
        ),
    ),
)
