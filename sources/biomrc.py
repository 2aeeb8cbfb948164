"""BIOMRC: which entity of an abstract is missing from the abstract's title?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

HUB = "https://huggingface.co/datasets/nlpaueb/biomrc/resolve/main/data/"
FILE = "biomrc_large/dataset_{0}.jsonl.gz"
MEMBER = FILE + "!dataset_{0}.jsonl"
PARTS = " :: "
"""What parts the placeholder of an entity, its concept and its mentions in the abstract."""


def question(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """The title with its gap; a choice is a placeholder, with the mentions that it stands for in parentheses."""
    entities = (entity.split(PARTS, 2) for entity in row["entities_list"])
    yield {
        "text": row["title"].strip(),
        "context": row["abstract"].strip(),
        "choices": [f"{placeholder} ({mentions.strip('[]')})" for placeholder, _, mentions in entities],
        "answers": row["answer"].split(PARTS)[0],
    }


SOURCE = Source(
    id="biomrc",
    title="BIOMRC",
    about="Titles of PubMed articles with an entity left out, to be found among those of the abstract.",
    homepage="https://github.com/PetrosStav/BioMRC_code",
    citation="pappas2020biomrc",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/PetrosStav/BioMRC_code",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={FILE.format(split): HUB + FILE.format(split) for split in ("train", "val", "test")},
    # The large size, as the paper counts it, in setting A: the placeholders come with what they stand for.
    format=JsonRows(record="Question", lines=True, adapt=question),
    documents="The files do not say from which article a passage is.",
    clean=("glued", "spaces"),
    dirt="Words and many punctuation marks are separated by spaces.",
    parts={
        "main": Part(
            train=MEMBER.format("train"),
            dev=MEMBER.format("val"),
            test=MEMBER.format("test"),
            documented={"train": 700_000, "dev": 50_000, "test": 62_707},
        ),
    },
    tasks=(Qa(name="BIOMRC"),),
    partial=frozenset(
        {
            "debc9692d3461d86c4b6f765b704cff00ee144ab4693eee1d4e469648ebc9d78",  # dataset_train.jsonl.gz
            "3b087d2ef61a46bd9ac19b725e4893152cf66ad1c6d789f6d339c440a494cee9",  # dataset_val.jsonl.gz
            "475a0b62c234666ebaacda5b3650ef3fcc3e3740bed5868ba789c3fd82f70116",  # dataset_test.jsonl.gz
        }
    ),
)
