"""SourceData-NLP: what figures of papers show, in captions that were annotated while the papers were published."""

from schemas.formats import JsonTags
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

REPOSITORY = "https://huggingface.co/datasets/EMBO/SourceData"
NER = f"{REPOSITORY}/resolve/b457c14041b61c56f671c6f966b4324f682855b7/token_classification/v_2.0.3/ner/"

SOURCE = Source(
    id="sourcedata_nlp",
    title="SourceData-NLP",
    about="Captions of the panels of figures in papers on molecular and cell biology, with nine kinds of entities.",
    homepage=REPOSITORY,
    citation="abreu2023sourcedata",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url=REPOSITORY,
        words="The card of the dataset states CC BY 4.0; captions are from articles of several publishers.",
        about=("annotations", "texts"),
    ),
    files={name: NER + name for name in ("train.jsonl", "validation.jsonl", "test.jsonl")},
    format=JsonTags(),
    documents="The files name no article; a line is the caption of a panel.",
    parts={
        "main": Part(
            train="train.jsonl",
            dev="validation.jsonl",
            test="test.jsonl",
            documented={"train": 60266, "dev": 8201, "test": 6696},
        )
    },
    tasks=(
        Ner(
            name="SourceData-NLP",
            types={
                "CELL_LINE": "cell line",
                "CELL_TYPE": "cell type",
                "DISEASE": "disease",
                "EXP_ASSAY": "experimental assay",
                "GENEPROD": "gene product",
                "ORGANISM": "organism",
                "SMALL_MOLECULE": "small molecule",
                "SUBCELLULAR": "subcellular component",
                "TISSUE": "tissue",
            },
        ),
    ),
    paper=None,
    verified=False,
)
