"""Bio-ID: genes, proteins, chemicals, cells and more in 13,697 figure captions, with their identifiers."""

from schemas.formats import BioCTable
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned

PUBLISHED = "https://biocreative.bioinformatics.udel.edu/media/store/files/2017/BioIDtraining_2.tar.gz"
CORPUS = "BioIDtraining_2.tar.gz!BioIDtraining_2/"
DATABASES = {
    r"(CVCL_\w+)": "Cellosaurus",
    r"BAO:(.+)": "BAO",
    r"CHEBI:(.+)": "ChEBI",
    r"CL:(.+)": "Cell Ontology",
    r"Corum:(.+)": "CORUM",
    r"GO:(.+)": "GO",
    r"NCBI gene:(.+)": "NCBI Gene",
    r"NCBI taxon:(.+)": "NCBI Taxonomy",
    r"PubChem:(.+)": "PubChem",
    r"Rfam:(.+)": "Rfam",
    r"Uberon:(?:UBERON:)?(.+)": "Uberon",
    r"Uniprot:(.+)": "UniProt",
}

SOURCE = Source(
    id="bio_id",
    title="Bio-ID track of BioCreative VI, training set",
    about="Captions of figures, panel by panel, with the biological entities that SourceData's curators linked.",
    homepage="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-vi/track-1/",
    citation="arighi2017bioid",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-vi/track-1/",
        words="The page of the track states no licence.",
        about=("all",),
    ),
    files={
        # The publisher's server refuses every request; the Internet Archive has its answer of 2022.
        "BioIDtraining_2.tar.gz": (
            f"https://web.archive.org/web/20220725034815id_/{PUBLISHED}",
            "https://github.com/buzgalbraith/BioCreative-VI-Track-1/raw/refs/heads/main/data/BioIDtraining_2.tar.gz",
            PUBLISHED,
        ),
    },
    format=BioCTable(
        documents={"don_article": "pmc_id", "figure": "sourcedata_figure_dir"},
        start="first left",
        end="last right",
        text="text",
        concept="obj",
        patterns=DATABASES,
        type="entity",
    ),
    documents={r"(\d+) .+": "pmcid"},
    clean=("entities", "tags", "glued", "punctuation", "spaces"),
    dirt="Many characters beyond ASCII were lost (`1 SDS` for `1% SDS`).",
    parts={
        "main": Part(
            train={"texts": CORPUS + "caption_bioc/*.xml", "annotations": CORPUS + "annotations.csv"},
            documented={"train": 13697},
        ),
    },
    tasks=(Ned(name="Bio-ID", databases=tuple(DATABASES.values())),),
    verified=False,
    damaged={
        "281610ac0d9d270a495433bac5bf1bae0fda99d7c28a9a4135715e292e34301e": (
            "it was put together from another release, mentions have the identifiers of their neighbours, one in eight "
            "is cut within a word, and nine of the twelve databases are missing"
        ),
    },
)
