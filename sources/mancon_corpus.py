"""ManConCorpus: do two claims of cardiology papers agree, contradict each other, or answer different questions?"""

from schemas.formats import XmlClaims
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Te

PAGE = "https://staffwww.dcs.shef.ac.uk/people/M.Stevenson/resources/bio_contradictions/"

SOURCE = Source(
    id="mancon_corpus",
    title="ManConCorpus, Manually Contradictory Claims",
    about="Claims of abstracts that systematic reviews cite, each answering the review's question with yes or no.",
    homepage=PAGE,
    citation="alamri2016mancon",
    licence=Licence.CC_BY_NC_SA_2_0_UK,
    evidence=Evidence(
        url="https://staffwww.dcs.shef.ac.uk/people/M.Stevenson/resources/bio_contradictions/",
        words="The page offers the corpus under CC BY-NC-SA 2.0 UK.",
        about=("annotations",),
    ),
    files={"corpus.xml": PAGE + "corpus.xml"},
    # The paper has 2,775 pairs: the 728 + 1,047 on the same question and, so it seems, 1,000 others, not said which.
    format=XmlClaims(row="CLAIM", question="QUESTION", answer="ASSERTION", neutral=1000),
    documents="Each pair has the claims of two articles.",
    parts={"main": Part(test="corpus.xml")},
    tasks=(
        Te(
            name="ManConCorpus",
            first="Question and claim 1",
            second="Claim 2",
            classes={"agree": "agree", "contradict": "contradict", "neutral": "neutral"},
        ),
    ),
)
