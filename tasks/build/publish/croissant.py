"""croissant.json: the release for machines (Croissant 1.1, RAI 1.0, PROV-O), one record set per configuration."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.manifest import File
from schemas.release import ReleaseContent
from schemas.sample import SAMPLE_COLUMNS
from schemas.shards import whole
from schemas.source import Source
from schemas.task import CATEGORIES
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.duties import Owned
from tasks.build.publish.clean import ALL, CLEAN, clean_paths
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.croissant_licence import licence_of
from tasks.build.publish.data import data_path
from tasks.build.publish.extent import Extent, filled_splits
from tasks.build.publish.hub import languages
from tasks.build.publish.provenance import PROV, derived, derived_task
from tasks.build.publish.responsible import Responsible, of_release

MINIATURES = " Made from invented miniatures: not for training or evaluation."
"""What is said of a dataset whose files are not the publishers'."""

_CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
_PARQUET = "application/x-parquet"
_TERMS = (
    "arrayShape citeAs column containedIn extract field fileObject fileProperty fileSet format includes "
    "isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace "
    "samplingRate separator source subField transform"
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "prov": PROV,
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{name: f"cr:{name}" for name in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "description": {"@container": "@language"},
    "name": {"@container": "@language"},
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
        splits: regular expression whose group is the split in a path; None where all are of one split.
    """

    name: str
    about: str
    category: str
    files: Sequence[str]
    columns: Mapping[str, str]
    splits: str | None


def one_task(name: str, files: Sequence[str] = ()) -> str:
    """Where the paths of a configuration with its own folder say the split."""
    return _splits(re.escape(name), files)


def _splits(folder: str, files: Sequence[str]) -> str:
    """Where some paths in folders of `data/` say the split; the names of shards go on."""
    number = r"(?:-\d{5}-of-\d{5})?" if any(whole(name) != name for name in files) else ""
    return rf"data/{folder}/(train|dev|test){number}\.parquet$"


class Description(NamedTuple):
    """What a dataset says of itself as a whole.

    Attributes:
        licences: the licences of its parts.
        languages: ISO 639-1 codes, of translations `source-target`.
        responsible: for responsible use: property -> what it says.
    """

    name: str
    about: str
    version: str
    licences: Sequence[str]
    languages: Sequence[str]
    responsible: Responsible


def description(
    content: ReleaseContent, extent: Extent, partial: Sequence[Source], files: Mapping[str, list[str]]
) -> tuple[Description, list[Configuration]]:
    """A release as a whole, and its configurations.

    Args:
        content: what the release is made of.
        extent: its tasks.
        partial: sources of which an incomplete copy was read.
        files: the files of each split, by its path if it has one file.
    """
    said = Description(
        name="MedINST",
        about=_about(content),
        version=content.version,
        licences=[task.licence for task in extent.filled],
        languages=[task.language for task in extent.filled],
        responsible=of_release(content, extent, partial),
    )
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    of_task = {
        task.name: [name for split in filled_splits(task) for name in files[data_path(task.name, split)]]
        for task in extent.filled
    }
    every = [name for names in of_task.values() for name in names]
    clean = [name for path in clean_paths(content) for name in files[path]]
    mixed = (
        Configuration(ALL, "All samples of all tasks", "", every, columns, _splits("[^/]+", every)),
        Configuration(CLEAN, "Training samples that leak into no test", "", clean, columns, None),
    )
    tasks = (
        Configuration(
            task.name,
            f"{CATEGORIES[task.category]}, from {task.source}, licence {task.licence}",
            task.category,
            of_task[task.name],
            columns,
            one_task(task.name, of_task[task.name]),
        )
        for task in extent.filled
    )
    return said, [each for each in (*mixed, *tasks) if each.files]


def _about(content: ReleaseContent) -> str:
    kind = "Biomedical instructions: public datasets rewritten as instruction, input and output."
    part = " A partial release." if content.partial else ""
    return f"{kind} Profile `{content.profile}`.{part}{'' if content.original else MINIATURES}"


def described(
    said: Description,
    configurations: Sequence[Configuration],
    bibliography: Bibliography,
    facts: Mapping[str, File],
    declared: Mapping[str, Source],
    owned: Mapping[str, Owned],
) -> str:
    """The Croissant description of a dataset.

    Args:
        said: what it says as a whole.
        configurations: its configurations.
        bibliography: has the entry of the paper.
        facts: path in the release -> size and hash, of the Parquet files.
        declared: the sources that it is made from, by id.
        owned: task -> its source and licences.
    """
    categories = sorted({each.category for each in configurations if each.category})
    text = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        "name": said.name,
        "description": said.about,
        "url": "https://arxiv.org/abs/2410.13458",
        "license": licence_of(said.licences),
        "creator": {"@type": "sc:Organization", "name": "MedINST contributors"},
        "version": said.version,
        **_date(said.version),
        "citeAs": bibliography.entry(PAPER),
        "inLanguage": languages(said.languages),
        "keywords": ["biomedical", "instruction tuning", *categories],
        **{f"rai:{name}": words for name, words in said.responsible.items()},
        **derived(declared),
        "distribution": [*(_file(*fact) for fact in sorted(facts.items())), *map(_file_set, configurations)],
        "recordSet": [_record_set(each) | derived_task(each.name, owned) for each in configurations],
    }
    return json.dumps(text, indent=1, ensure_ascii=False) + "\n"


def _date(version: str) -> dict[str, str]:
    """The month of the data version, so that the date depends on the content alone."""
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
        "description": f"The Parquet files of {each.name}.",
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
        "field": [*([_split_field(each.name, each.splits)] if each.splits else []), *fields],
    }


def _split_field(name: str, regex: str) -> dict[str, Any]:
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
            "transform": {"regex": regex},
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
