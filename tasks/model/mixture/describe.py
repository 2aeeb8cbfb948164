"""What a version of a mixture says of itself: card, notices, citations, Croissant, chart, manifest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from schemas.mixture import MixtureContent, Recipe
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import CATEGORIES
from sources import find
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.store.versions import MANIFEST
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.croissant import MINIATURES, Configuration, Description, described
from tasks.build.publish.manifest import Facts, measure, source_files, with_files
from tasks.build.publish.notice import notice
from tasks.model.mixture.chart import chart


def data_path(recipe: Recipe) -> str:
    """The path of the rows in the folder."""
    return f"data/{recipe.name}/train.parquet"


def describe(folder: Path, content: MixtureContent) -> None:
    """Write all files but the data, the manifest last."""
    path = data_path(content.recipe)
    facts = {path: measure(folder / path)}
    for name, text in _texts(content, facts).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / MANIFEST).write_text(_manifest(content, folder, facts), encoding="utf-8", newline="\n")


def _texts(content: MixtureContent, facts: Mapping[str, Facts]) -> dict[str, str]:
    bibliography = Bibliography.read()
    declared = {share.source: find(share.source) for share in content.given.values()}
    owners = {task: share.source for task, share in content.given.items()}
    return {
        "README.md": _card(content, declared, bibliography),
        "NOTICE.md": notice(content.version, owners, declared, bibliography),
        "references.bib": bibliography.subset(declared.values()),
        "croissant.json": _croissant(content, bibliography, facts),
        "mixture.svg": chart(content),
        "recipe.yml": _recipe(content),
    }


def _recipe(content: MixtureContent) -> str:
    return yaml.safe_dump(
        content.recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True, width=120
    )


def _card(content: MixtureContent, declared: Mapping[str, Source], bibliography: Bibliography) -> str:
    licences = {task: share.licence for task, share in content.given.items()}
    return render(
        __file__,
        "mixture.md.j2",
        front=yaml.safe_dump(_front(content), sort_keys=False, allow_unicode=True, width=120),
        content=content,
        recipe=_recipe(content),
        categories=CATEGORIES,
        titles={source.id: source.title for source in declared.values()},
        terms=terms_of(licences.values()),
        limits=limits_of(licences),
        missing=_by_reason({**content.missing, **content.withheld}),
        wrong_length=sum(share.wrong_length for share in content.tasks.values()),
        paper=bibliography.entry(PAPER),
    )


def _by_reason(tasks: Mapping[str, str]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for task, reason in sorted(tasks.items()):
        reasons.setdefault(reason, []).append(task)
    return reasons


def _front(content: MixtureContent) -> dict[str, Any]:
    """The block of YAML that the Hub and `datasets` read."""
    terms = terms_of(share.licence for share in content.given.values())
    licence = {"license": terms.hub or "other"}
    if terms.hub is None:
        licence |= {"license_name": terms.name, "license_link": "NOTICE.md"}
    name = content.recipe.name
    return {
        "pretty_name": f"MedINST {name}",
        **licence,
        "task_categories": ["text-generation"],
        "tags": ["biology", "medical", "instruction-tuning"],
        "configs": [{"config_name": name, "data_files": [{"split": "train", "path": data_path(content.recipe)}]}],
    }


def _croissant(content: MixtureContent, bibliography: Bibliography, facts: Mapping[str, Facts]) -> str:
    shares = content.given.values()
    said = Description(
        name=f"MedINST {content.recipe.name}",
        about="Biomedical training samples of many tasks." + ("" if content.original else MINIATURES),
        version=content.version,
        licences=sorted({share.licence for share in shares}),
        languages=sorted({share.language for share in shares}),
    )
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    about = content.recipe.about or "Training samples of many tasks"
    return described(said, [Configuration(content.recipe.name, about, "", list(facts), columns)], bibliography, facts)


def _manifest(content: MixtureContent, folder: Path, facts: Mapping[str, Facts]) -> str:
    said = content.model_dump(mode="json", exclude={"files"}) | {
        "profile": content.recipe.profile,
        "partial": bool(content.missing),
        "samples": content.rows,
        "tokens": content.tokens,
        "licence": terms_of(share.licence for share in content.given.values()).name,
        "tasks": {task: share.model_dump(mode="json") for task, share in content.given.items()},
        "gave_nothing": sorted(set(content.tasks) - set(content.given)),
        "sources": source_files(content.files),
    }
    return with_files(said, folder, facts)
