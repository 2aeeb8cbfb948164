"""LLL05: which protein controls which gene in 77 sentences on Bacillus subtilis."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Re

REPOSITORY = (
    "https://raw.githubusercontent.com/metalrt/ppi-dataset/dd49ea3217dd54043940a26f326108d1915f46df/csv_output/"
)

SOURCE = Source(
    id="lll05",
    title="Learning Language in Logic 2005, genic interactions, in the unified format",
    about="Sentences of PubMed abstracts on the transcription of genes in Bacillus subtilis, with agents and targets.",
    homepage="http://genome.jouy.inra.fr/texte/LLLchallenge",
    citation="nedellec2005lll",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="http://genome.jouy.inra.fr/texte/LLLchallenge",
        words="Data of a challenge, published without a licence; nor does the repository of the unified "
        "format state one.",
        about=("all",),
    ),
    # The training sentences of the challenge, which two files of the unified format share; its test has no answers.
    files={
        "LLL-train.xml": REPOSITORY + "LLL-train.xml",
        "LLL-test.xml": REPOSITORY + "LLL-test.xml",
    },
    format=InteractionXml(origin="origId"),
    documents={r"(\d+)": "pmid"},
    parts={"main": Part(train=("LLL-train.xml", "LLL-test.xml"))},
    tasks=(Re(name="LLL05", types={"PPI": "controls"}),),
)
