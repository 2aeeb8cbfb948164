"""Collections that hold copies of several corpora, and what they state about them."""

from schemas.base import TaskName
from schemas.licence import Licence
from schemas.source import Further


def mtl(*tasks: TaskName) -> Further:
    """What MTL-Bioinformatics-2016 states about its sentence files.

    Args:
        tasks: the tasks that are made from them; none where all of a source's are.
    """
    return Further(
        licence=Licence.CC_BY_4_0,
        url="https://github.com/cambridgeltl/MTL-Bioinformatics-2016/blob/master/README.md",
        words="The sentence files are from MTL-Bioinformatics-2016, whose README puts everything but its "
        "code under CC BY 4.0.",
        about=("compilation",),
        credit="Sentence files: Crichton, Pyysalo, Chiu and Korhonen (2017), MTL-Bioinformatics-2016, CC BY 4.0.",
        tasks=tasks,
    )
