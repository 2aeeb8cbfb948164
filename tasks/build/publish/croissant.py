"""croissant.json: the release described for machines (Croissant 1.0), one record set per task."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.licence import apart
from schemas.manifest import File
from schemas.release import ReleaseContent, ReleaseTask
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import CATEGORIES, SPLITS, Split
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.terms import terms_of
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.data import data_path

MINIATURES = " Made from invented miniatures: not for training or evaluation."
"""What is said of a dataset whose files are not the publishers'."""

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


class Configuration(NamedTuple):
    """One configuration of a dataset: files with the same columns.

    Attributes:
        name: its name.
        about: what it is.
        category: of its task; empty where it mixes tasks.
        files: their paths in the release, each named after its split.
        columns: name -> what it holds.
    """

    name: str
    about: str
    category: str
    files: Sequence[str]
    columns: Mapping[str, str]


class Description(NamedTuple):
    """What a dataset says of itself as a whole.

    Attributes:
        licences: the licences of its parts.
        languages: ISO 639-1 codes, of translations `source-target`.
    """

    name: str
    about: str
    version: str
    licences: Sequence[str]
    languages: Sequence[str]


def description(content: ReleaseContent) -> tuple[Description, list[Configuration]]:
    """A release as a whole, and its configurations."""
    filled = [task for task in content.tasks if _splits(task)]
    said = Description(
        name="MedINST",
        about=_about(content),
        version=content.version,
        licences=[task.licence for task in content.tasks],
        languages=[task.language for task in filled],
    )
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    configurations = [
        Configuration(
            task.name,
            f"{CATEGORIES[task.category]}, from {task.source}, licence {task.licence}",
            task.category,
            [data_path(task.name, split) for split in _splits(task)],
            columns,
        )
        for task in filled
    ]
    return said, configurations


def _about(content: ReleaseContent) -> str:
    kind = "Biomedical instructions: public datasets rewritten as instruction, input and output."
    warning = "" if content.original else MINIATURES
    part = " A partial release." if content.partial else ""
    return f"{kind} Profile `{content.profile}`.{part}{warning}"


def _splits(task: ReleaseTask) -> list[Split]:
    return [split for split in SPLITS if split in task.splits and task.splits[split].rows]


def described(
    said: Description,
    configurations: Sequence[Configuration],
    bibliography: Bibliography,
    facts: Mapping[str, File],
) -> str:
    """The Croissant description of a dataset.

    Args:
        said: what it says as a whole.
        configurations: its configurations.
        bibliography: has the entry of the paper.
        facts: path in the release -> size and hash, of the Parquet files.
    """
    categories = sorted({each.category for each in configurations if each.category})
    text = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": said.name,
        "description": said.about,
        "url": "https://arxiv.org/abs/2410.13458",
        "license": _licence(said.licences),
        "version": said.version,
        **_date(said.version),
        "citeAs": bibliography.entry(PAPER),
        "inLanguage": sorted({code for language in said.languages for code in re.split("[-,]", language)}),
        "keywords": ["biomedical", "instruction tuning", *categories],
        "distribution": [*(_file(*fact) for fact in sorted(facts.items())), *map(_file_set, configurations)],
        "recordSet": list(map(_record_set, configurations)),
    }
    return json.dumps(text, indent=1, ensure_ascii=False) + "\n"


def _licence(licences: Sequence[str]) -> str | dict[str, str]:
    terms = terms_of(licences)
    if terms.only and terms.only.terms.url:
        return terms.only.terms.url
    titles = "; ".join(sorted({each.terms.title for licence in licences for each in apart(licence)}))
    return {
        "@type": "sc:CreativeWork",
        "name": terms.name,
        "description": f"Each sample keeps the licence of its source (see NOTICE.md): {titles}.",
    }


def _date(version: str) -> dict[str, str]:
    """The month of the data version, so that the date depends on nothing but the content."""
    match = re.match(r"(\d{4})\.(0?[1-9]|1[0-2])\.", version)
    return {"datePublished": f"{match[1]}-{int(match[2]):02}-01"} if match else {}


def _file(name: str, fact: File) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{fact.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": fact.sha256,
    }


def _file_set(each: Configuration) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"files/{each.name}",
        "name": f"files/{each.name}",
        "description": f"The Parquet files of {each.name}, one per split.",
        "encodingFormat": _PARQUET,
        "includes": list(each.files),
    }


def _record_set(each: Configuration) -> dict[str, Any]:
    fields = [_field(each.name, column, about) for column, about in each.columns.items()]
    return {
        "@type": "cr:RecordSet",
        "@id": each.name,
        "name": each.name,
        "description": each.about,
        "field": [_split_field(each.name), *fields],
    }


def _split_field(name: str) -> dict[str, Any]:
    """The split is not a column: it is read from the name of the file."""
    return {
        "@type": "cr:Field",
        "@id": f"{name}/split",
        "name": "split",
        "description": "The split: train, dev or test.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"files/{name}"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": rf"data/{re.escape(name)}/(train|dev|test)\.parquet$"},
        },
    }


def _field(name: str, column: str, about: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{column}",
        "name": column,
        "description": about,
        "dataType": "sc:Text",
        "source": {"fileSet": {"@id": f"files/{name}"}, "extract": {"column": column}},
    }
