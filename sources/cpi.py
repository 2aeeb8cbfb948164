"""CPI-DS: compounds, proteins and whether they interact, in sentences of PubMed abstracts."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned, Ner, Re

REPOSITORY = "https://github.com/KerstenDoering/CPI-Pipeline"

SOURCE = Source(
    id="cpi",
    title="CPI benchmark dataset of compound-protein relationships",
    about="Sentences of PubMed abstracts with small molecules, proteins and functional relationships between them.",
    homepage=REPOSITORY,
    citation="doering2020cpi",
    licence=Licence.ISC,
    evidence=Evidence(
        url=REPOSITORY + "/blob/master/license.txt",
        words="ISC for a repository of programs that holds the data as well; its text speaks of software only.",
        about=("software",),
        enclosed=("isc-cpi.txt",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://github.com/KerstenDoering/CPI-Pipeline",
            words="The README offers the corpus beside the program and states no licence for it.",
            about=("annotations",),
        ),
    ),
    files={"CPI-DS.xml": REPOSITORY + "/raw/master/data_sets/xml/CPI-DS.xml"},
    format=InteractionXml(per="document", origin="origId", links={"compound": "PubChem", "protein": "UniProt"}),
    documents={r"(\d+)": "pmid"},
    clean=("entities", "glued", "punctuation"),
    parts={"main": Part(train="CPI-DS.xml", documented={"train": 1808})},
    tasks=(
        Ner(name="CPI", types={"compound": "compound", "protein": "protein"}),
        Ned(
            name="CPI-NED",
            databases=("PubChem", "UniProt"),
            answerable="no",
            because="Proteins were linked by name alone to all entries of that name in UniProt, up to 1,946 of them.",
        ),
        Re(name="CPI-RE", types={"interaction": "interacts with"}),
    ),
    partial=frozenset({"40b689011ce7f1196bcd9a5f11482788889519a9f8e2138c4e9aac543ab615ed"}),
)
