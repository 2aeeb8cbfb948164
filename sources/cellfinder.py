"""CellFinder: anatomy, cells, genes and species in ten full papers on human stem cells."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner

PAGE = "https://www.informatik.hu-berlin.de/de/forschung/gebiete/wbi/resources/cellfinder/"
# The publishers name no split; this is the one that the paper counts.
TRAIN = "16316465 17381551 17389645 18162134 18286199"
TEST = "15971941 16623949 16672070 17288595 17967047"


def papers(ids: str) -> tuple[str, ...]:
    """The files of some papers."""
    return tuple(f"cellfinder1_brat.tar.gz!{id_}.{suffix}" for id_ in ids.split() for suffix in ("txt", "ann"))


SOURCE = Source(
    id="cellfinder",
    title="CellFinder corpus",
    about="Full papers on stem cells with anatomical parts, cell types, lines and components, genes and species.",
    homepage=PAGE,
    citation="neves2012cellfinder",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="https://www.informatik.hu-berlin.de/de/forschung/gebiete/wbi/resources/cellfinder/",
        words="Annotations CC BY-SA 3.0, with a LICENSE in the archive.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://www.informatik.hu-berlin.de/de/forschung/gebiete/wbi/resources/cellfinder/",
            words="The ten documents are full articles on terms of their own, which nobody has listed.",
            about=("texts",),
        ),
    ),
    files={"cellfinder1_brat.tar.gz": PAGE + "cellfinder1_brat.tar.gz"},
    format=Standoff(annotations=(".ann",)),
    documents={r"(\d+)": "pmid"},
    clean=("glued",),
    dirt="Papers come without their titles.",
    parts={"main": Part(train=papers(TRAIN), test=papers(TEST), documented={"train": 5, "test": 5})},
    tasks=(
        Ner(
            name="CellFinder",
            types={
                "Anatomy": "anatomical part",
                "CellComponent": "cell component",
                "CellLine": "cell line",
                "CellType": "cell type",
                "GeneProtein": "gene or protein",
                "Species": "species",
            },
        ),
    ),
    verified=False,
)
