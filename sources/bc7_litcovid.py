"""BC7-LitCovid: what is an article on COVID-19 about? Up to seven topics."""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

FTP = "https://ftp.ncbi.nlm.nih.gov/pub/lu/LitCovid/biocreative/"
TOPICS = (
    "Case Report",
    "Diagnosis",
    "Epidemic Forecasting",
    "Mechanism",
    "Prevention",
    "Transmission",
    "Treatment",
)

SOURCE = Source(
    id="bc7_litcovid",
    title="BioCreative VII LitCovid track",
    about="Titles and abstracts of articles on COVID-19 with the topics that curators gave them.",
    homepage="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-vii/track-5/",
    citation="chen2022litcovid",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/ncbi/biocreative_litcovid",
        words="Neither the track's page nor its repository states a licence of the data.",
        about=("all",),
    ),
    files={
        "BC7-LitCovid-Train.csv": FTP + "BC7-LitCovid-Train.csv",
        "BC7-LitCovid-Dev.csv": FTP + "BC7-LitCovid-Dev.csv",
        "BC7-LitCovid-Test-GS.csv": FTP + "BC7-LitCovid-Test-GS.csv",
    },
    format=Delimited(
        record="Text",
        fields={"id": "pmid", "text": ["title", "abstract"], "labels": "label"},
        joined=("text",),
        several={"labels": ";"},
    ),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train="BC7-LitCovid-Train.csv",
            dev="BC7-LitCovid-Dev.csv",
            test="BC7-LitCovid-Test-GS.csv",
            documented={"train": 24960, "dev": 6239, "test": 2500},
        )
    },
    tasks=(TxtClass(name="BC7-LitCovid", multiple=True, classes={topic: topic for topic in TOPICS}),),
    verified=False,
)
