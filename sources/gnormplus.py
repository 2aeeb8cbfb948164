"""GNormPlus: genes, gene families and domains in 694 PubMed abstracts, the genes with their identifiers."""

from schemas.formats import BioC
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned, Ner

CORPUS = "GNormPlusCorpus.zip!GNormPlusCorpus/"

SOURCE = Source(
    id="gnormplus",
    title="GNormPlus corpus",
    about="PubMed abstracts on human genes, with genes, gene families, domains and the identifiers of the genes.",
    homepage="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/gnormplus/",
    citation="wei2015gnormplus",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://www.ncbi.nlm.nih.gov/research/bionlp/Tools/gnormplus/",
        words="Public domain notice of the NCBI, for a program and what its own staff made; the archive has none.",
        about=("software",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://doi.org/10.1186/gb-2008-9-s2-s3",
            words="Two of the three files rest on the gene lists of BioCreative II, made by others who state no "
            "licence; one author of the corpus is not of the NCBI either.",
            about=("annotations",),
        ),
    ),
    files={
        "GNormPlusCorpus.zip": (
            "https://www.ncbi.nlm.nih.gov/CBBresearch/Lu/Demo/tmTools/download/GNormPlus/GNormPlusCorpus.zip"
        )
    },
    format=BioC(
        links={"Gene": "NCBI Gene", "FamilyName": "NCBI Gene"},
        patterns={r"(\d+)\([Tt]ax:\d+\)": "NCBI Gene"},
        separators=",",
        slack=1,  # in some abstracts all offsets behind an unusual character are one too high
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    parts={
        "main": Part(
            train=(CORPUS + "BC2GNtrain.BioC.xml", CORPUS + "NLMIAT.BioC.xml"),
            test=CORPUS + "BC2GNtest.BioC.xml",
        ),
    },
    tasks=(
        Ner(
            name="GNormPlus",
            types={"Gene": "gene", "FamilyName": "gene family", "DomainMotif": "domain or motif"},
        ),
        Ned(name="GNormPlus-NED", databases=("NCBI Gene",)),
    ),
    derived={
        "9ec7f921aa2f08113165b53ca9605c6fd947db0a09af9b4b7a2e5a0eed89cdcf": (
            "It was written anew from the PubTator files of AIONER, which hold the same articles."
        ),
    },
)
