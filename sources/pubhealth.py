"""PUBHEALTH: is a claim about public health true, false, a mixture of both, or unproven?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Te

SOURCE = Source(
    id="pubhealth",
    title="PUBHEALTH",
    about="Claims about public health that journalists checked, with their explanation of the verdict.",
    homepage="https://github.com/neemakot/Health-Fact-Checking",
    citation="kotonya2020pubhealth",
    licence=Licence.MIT,
    evidence=Evidence(
        url="https://github.com/neemakot/Health-Fact-Checking/blob/master/LICENSE",
        words="MIT; the repository says that it contains data and code, and the data lie elsewhere.",
        about=("compilation",),
        enclosed=("mit-pubhealth.txt",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://github.com/neemakot/Health-Fact-Checking/blob/master/data/DATASHEET.md",
            words="Claims and explanations are journalists' texts of Snopes, Reuters, AP, PolitiFact and "
            "others; the data sheet leaves its question about rights unanswered.",
            about=("texts",),
        ),
    ),
    files={"PUBHEALTH.zip": "https://drive.google.com/uc?export=download&id=1eTtRs5cUlBP5dXsx-FTAlmXuB6JQi2qj"},
    # In test.tsv an index stands before the columns, which the header does not name. Cells were quoted, some twice, and
    # broken across lines all the same. Claim ids are not used: nothing says that they are unique.
    format=Delimited(
        record="Pair",
        separator="\t",
        quote=None,
        leading=True,
        unwrap=True,
        fields={"first": "explanation", "second": "claim", "label": "label"},
    ),
    documents="Claims of the news; nothing says that their ids tell articles apart.",
    clean=("spaces",),
    parts={
        "main": Part(
            train="PUBHEALTH.zip!PUBHEALTH/train.tsv",
            dev="PUBHEALTH.zip!PUBHEALTH/dev.tsv",
            test="PUBHEALTH.zip!PUBHEALTH/test.tsv",
        ),
    },
    tasks=(
        Te(
            name="PubHealth",
            first="Explanation",
            second="Claim",
            classes={"true": "true", "false": "false", "mixture": "mixture", "unproven": "unproven"},
        ),
    ),
    partial=frozenset({"d2014b280875b4362c2f8b841983f7cf8eafed8f6ef4fc465a87247bfe50302f"}),
)
