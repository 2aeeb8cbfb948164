"""ProGene: genes and proteins in 3,308 PubMed abstracts, by sentence."""

from schemas.formats import Tagged
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

FOLD = "crossvalidation_data.zip!crossvalidation_data/flairSplit0/"

SOURCE = Source(
    id="progene",
    title="ProGene (formerly FSU-PRGE)",
    about="Sentences of PubMed abstracts from many fields of biology with genes, proteins, families and complexes.",
    homepage="https://zenodo.org/record/3698568",
    citation="faessler2020progene",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://zenodo.org/record/3698568",
        words="The record states CC BY 4.0.",
        about=("annotations",),
    ),
    # The record itself has the folds in one archive with trained models of more than 25 GB.
    files={
        "crossvalidation_data.zip": "https://huggingface.co/datasets/bigbio/progene/resolve/main/data/crossvalidation_data.zip",
    },
    format=Tagged(),
    # Of ten folds the first. The authors count 36,223 sentences, but not those of each split.
    documents="The tagged sentences do not say from which article they are.",
    parts={"main": Part(train=FOLD + "train.txt", dev=FOLD + "dev.txt", test=FOLD + "test.txt")},
    tasks=(
        Ner(
            name="ProGene",
            types={
                "protein": "protein",
                "protein_complex": "protein complex",
                "protein_enum": "enumeration of proteins",
                "protein_familiy_or_group": "protein family or group",
                "protein_variant": "protein variant",
            },
        ),
    ),
    verified=False,
)
