"""croissant.json: the release described for machines (Croissant 1.0), one record set per task."""

import json
import re
from collections.abc import Mapping
from typing import Any

from schemas.licence import Licence
from schemas.release import ReleaseContent, ReleaseTask
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import CATEGORIES, SPLITS
from tasks.publish.bibliography import PAPER, Bibliography
from tasks.publish.columns import COLUMNS
from tasks.publish.data import data_path
from tasks.publish.manifest import Facts
from tasks.publish.terms import terms_of

_PARQUET = "application/x-parquet"
_TERMS = (
    "citeAs column conformsTo extract field fileObject fileProperty fileSet format includes "
    "isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace "
    "samplingRate separator source subField transform"
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{name: f"cr:{name}" for name in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
"""The context that the specification prescribes."""


def croissant(content: ReleaseContent, bibliography: Bibliography, facts: Mapping[str, Facts]) -> str:
    """The Croissant description of a release.

    Args:
        content: what the release is made of.
        bibliography: has the entry of the paper.
        facts: path in the release -> size and hash, of the Parquet files.
    """
    filled = [task for task in content.tasks if _splits(task)]
    said = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "MedINST",
        "description": _description(content),
        "url": "https://arxiv.org/abs/2410.13458",
        "license": _licence(content),
        "version": content.version,
        **_date(content.version),
        "citeAs": bibliography.entry(PAPER),
        "inLanguage": sorted({code for task in filled for code in re.split("[-,]", task.language)}),
        "keywords": ["biomedical", "instruction tuning", *sorted({task.category for task in filled})],
        "distribution": [*(_file(*fact) for fact in sorted(facts.items())), *map(_file_set, filled)],
        "recordSet": list(map(_record_set, filled)),
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def _description(content: ReleaseContent) -> str:
    kind = "Biomedical instructions: public datasets rewritten as instruction, input and output."
    warning = "" if content.original else " Made from invented miniatures: not for training or evaluation."
    part = " A partial release." if content.partial else ""
    return f"{kind} Profile `{content.profile}`.{part}{warning}"


def _licence(content: ReleaseContent) -> str | dict[str, str]:
    terms = terms_of(content)
    if terms.only and terms.only.terms.url:
        return terms.only.terms.url
    titles = "; ".join(sorted({Licence(task.licence).terms.title for task in content.tasks}))
    return {
        "@type": "sc:CreativeWork",
        "name": terms.name,
        "description": f"Each sample keeps the licence of its source (see NOTICE.md): {titles}.",
    }


def _date(version: str) -> dict[str, str]:
    """The month of the data version, so that the date depends on nothing but the content."""
    match = re.match(r"(\d{4})\.(0?[1-9]|1[0-2])\.", version)
    return {"datePublished": f"{match[1]}-{int(match[2]):02}-01"} if match else {}


def _splits(task: ReleaseTask) -> list[str]:
    return [split for split in SPLITS if split in task.splits and task.splits[split].rows]


def _file(name: str, fact: Facts) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{fact.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": fact.sha256,
    }


def _file_set(task: ReleaseTask) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"files/{task.name}",
        "name": f"files/{task.name}",
        "description": f"The Parquet files of {task.name}, one per split.",
        "encodingFormat": _PARQUET,
        "includes": [data_path(task.name, split) for split in SPLITS if split in _splits(task)],
    }


def _record_set(task: ReleaseTask) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": task.name,
        "name": task.name,
        "description": f"{CATEGORIES[task.category]}, from {task.source}, licence {task.licence}",
        "field": [_split_field(task), *(_field(task, column) for column in SAMPLE_COLUMNS)],
    }


def _split_field(task: ReleaseTask) -> dict[str, Any]:
    """The split is not a column: it is read from the name of the file."""
    return {
        "@type": "cr:Field",
        "@id": f"{task.name}/split",
        "name": "split",
        "description": "The split: train, dev or test.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"files/{task.name}"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": rf"data/{re.escape(task.name)}/(train|dev|test)\.parquet$"},
        },
    }


def _field(task: ReleaseTask, column: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{task.name}/{column}",
        "name": column,
        "description": COLUMNS[column],
        "dataType": "sc:Text",
        "source": {"fileSet": {"@id": f"files/{task.name}"}, "extract": {"column": column}},
    }
