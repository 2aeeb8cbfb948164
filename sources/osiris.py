"""OSIRIS: genes and their sequence variants, with their identifiers, in 105 PubMed abstracts."""

from schemas.formats import MarkedXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

SOURCE = Source(
    id="osiris",
    title="OSIRIS corpus 1.2",
    about="PubMed abstracts on variation in human genes, with genes and variants and their identifiers.",
    homepage="https://sites.google.com/site/laurafurlongweb/databases-and-tools/corpora/",
    citation="furlong2008osiris",
    licence=Licence.CC_BY_3_0,
    evidence=Evidence(
        url="https://sites.google.com/site/laurafurlongweb/databases-and-tools/corpora/",
        words="The author's page of the corpus: Creative Commons Attribution 3.0 Unported.",
        about=("annotations",),
    ),
    files={
        "corpus.xml": "https://raw.githubusercontent.com/rockt/SETH/a3d7ce7d767d65865c0fa402cfb357233c8009e1/resources/OSIRIS/corpus.xml",
    },
    format=MarkedXml(
        document="Article",
        id="Pmid",
        texts=("Title", "Abstract"),
        links={"gene": {"NCBI Gene": "g_id"}, "variant": {"dbSNP/rs": "v_id", "variant notation": "v_norm"}},
        nothing=("No", "null", ""),
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "spaces"),
    parts={"main": Part(train="corpus.xml")},
    tasks=(
        Ner(name="OSIRIS", types={"gene": "gene", "variant": "sequence variant"}),
        Ned(name="OSIRIS-NED", databases=("NCBI Gene", "dbSNP", "variant notation")),
    ),
)
