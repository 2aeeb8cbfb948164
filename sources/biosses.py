"""BIOSSES: how similar are two sentences of biomedical papers?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sts

# The authors publish no split; these sentence ids are those of the BLUE and BLURB benchmarks.
DEV = "2 8 9 24 40 41 47 63 68 72 80 82 88 90 91 100"
TEST = "7 20 22 23 25 33 38 49 52 57 59 64 69 70 71 81 83 89 96 97"

SOURCE = Source(
    id="biosses",
    title="BIOSSES, Biomedical Semantic Similarity Estimation System",
    about="Pairs of sentences from biomedical papers, scored from 0 to 4 by five annotators.",
    homepage="https://tabilab.cmpe.boun.edu.tr/BIOSSES/DataSet.html",
    citation="sogancioglu2017biosses",
    licence=Licence.GPL_3_0,
    evidence=Evidence(
        url="https://tabilab.cmpe.boun.edu.tr/BIOSSES/DataSet.html",
        words="The page offers system and data under GPL 3.0.",
        about=("all",),
    ),
    files={
        "annotation_pairs_scores.tsv": (
            "https://raw.githubusercontent.com/bigscience-workshop/biomedical/913327733b08c9a30ed8d691e15988573e04f0e8/bigbio/hub/hub_repos/biosses/annotation_pairs_scores.tsv",
            "https://huggingface.co/datasets/bigbio/biosses/resolve/main/annotation_pairs_scores.tsv",
        ),
    },
    format=Delimited(
        record="Pair",
        separator="\t",
        mean=("label",),
        fields={
            "id": "sentence_id",
            "first": "sentence_1",
            "second": "sentence_2",
            "label": [f"annotator_{letter}" for letter in "abcde"],
        },
    ),
    documents="Pairs of sentences of two articles, which the file does not name.",
    clean=("punctuation", "spaces"),
    parts={
        "main": Part(
            train="annotation_pairs_scores.tsv",
            dev_ids=frozenset(DEV.split()),
            test_ids=frozenset(TEST.split()),
        )
    },
    tasks=(Sts(name="BIOSSES", scale=(0, 4)),),
)
