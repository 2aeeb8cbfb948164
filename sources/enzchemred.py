"""EnzChemRED: the enzymes and chemicals of 1,210 PubMed abstracts on what enzymes do."""

from schemas.formats import BioC
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

FOLDER = "https://ftp.expasy.org/databases/rhea/nlp/"

SOURCE = Source(
    id="enzchemred",
    title="Enzyme Chemistry Relation Extraction Dataset",
    about="PubMed abstracts in which curators marked proteins and chemicals for the knowledgebases UniProt and Rhea.",
    homepage="https://github.com/ncbi-nlp/EnzChemRED",
    citation="lai2024enzchemred",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url=FOLDER,
        words="The article calls the corpus freely available in this folder; a licence was not seen there.",
        about=("all",),
    ),
    files={
        "EnzChemRED.tar.gz": (
            FOLDER + "EnzChemRED.tar.gz",
            "https://zenodo.org/records/11067998/files/EnzChemRED.tar.gz",
        )
    },
    # Conversions of chemicals and the identifiers of mentions are there too, in spellings that are not documented.
    format=BioC(),
    documents={r"(\d+)": "pmid"},
    parts={"main": Part(train="EnzChemRED.tar.gz!**/*.xml", documented={"train": 1210})},
    tasks=(Ner(name="EnzChemRED", types={"Chemical": "chemical", "Protein": "protein"}),),
    paper=None,
    verified=False,
)
