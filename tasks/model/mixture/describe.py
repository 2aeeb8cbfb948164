"""What a version of a mixture says of itself: card, notices, citations, Croissant, chart, summary, manifest."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from schemas.drawn import MixtureContent
from schemas.manifest import File, MixtureManifest
from schemas.mixture import Recipe
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import CATEGORIES
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.duties import Owned
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.versions.manifest import measure, source_files
from tasks.build.publish.about import about, by_reason, write_texts
from tasks.build.publish.columns import COLUMNS
from tasks.build.publish.croissant import MINIATURES, Configuration, Description, one_task
from tasks.build.publish.hub import as_yaml, front, languages, size_category
from tasks.build.publish.responsible import responsible
from tasks.model.disclosure.facts import of_mixture
from tasks.model.disclosure.write import beside
from tasks.model.draw.overlap import shown
from tasks.model.mixture.chart import chart
from tasks.model.mixture.limits import LIMITED, limited


def data_path(recipe: Recipe) -> str:
    """The path of the rows in the folder."""
    return f"data/{recipe.name}/train.parquet"


def describe(folder: Path, content: MixtureContent) -> MixtureManifest:
    """Write all files but the data and the manifest, which is returned."""
    path = data_path(content.recipe)
    facts = {path: measure(folder / path)}
    owned = {task: Owned(share.source, share.licence) for task, share in content.given.items()}
    texts = about(owned, *_described(content, facts), facts, partial(_card, content))
    said = _manifest(content, facts)
    pages = {"mixture.svg": chart(content), "recipe.yml": _recipe(content), **beside(of_mixture(said))}
    write_texts(folder, {**texts, **pages})
    return said


def _recipe(content: MixtureContent) -> str:
    return as_yaml(content.recipe.model_dump(mode="json", exclude_defaults=True))


def _card(content: MixtureContent, declared: Mapping[str, Source], bibliography: Bibliography) -> str:
    licences = {task: share.licence for task, share in content.given.items()}
    return render(
        __file__,
        "mixture.md.j2",
        front=_front(content),
        content=content,
        recipe=_recipe(content),
        categories=CATEGORIES,
        titles={source.id: source.title for source in declared.values()},
        terms=terms_of(licences.values()),
        limits=limits_of(licences),
        missing=by_reason({**content.missing, **content.withheld}),
        wrong_length=sum(share.wrong_length for share in content.tasks.values()),
        limited=limited(content.tasks),
        overlap=shown({content.recipe.name: content.overlap}),
        kinds=LIMITED,
        paper=bibliography.entry(PAPER),
    )


def _front(content: MixtureContent) -> str:
    name = content.recipe.name
    return front(
        f"MedINST {name}",
        (share.licence for share in content.given.values()),
        language=languages(share.language for share in content.given.values()),
        task_categories=["text-generation"],
        size_categories=[size_category(content.rows)],
        tags=["biology", "medical", "instruction-tuning"],
        configs=[{"config_name": name, "data_files": [{"split": "train", "path": data_path(content.recipe)}]}],
    )


def _described(content: MixtureContent, facts: Mapping[str, File]) -> tuple[Description, list[Configuration]]:
    shares = content.given.values()
    said = Description(
        name=f"MedINST {content.recipe.name}",
        about="Biomedical training samples of many tasks." + ("" if content.original else MINIATURES),
        version=content.version,
        licences=sorted({share.licence for share in shares}),
        languages=sorted({share.language for share in shares}),
        responsible=responsible(content.original),
    )
    columns = {column: COLUMNS[column] for column in SAMPLE_COLUMNS}
    name, words = content.recipe.name, content.recipe.about or "Training samples of many tasks"
    return said, [Configuration(name, words, "", list(facts), columns, one_task(name))]


def _manifest(content: MixtureContent, facts: Mapping[str, File]) -> MixtureManifest:
    return MixtureManifest(
        version=content.version,
        profile=content.recipe.profile,
        partial=bool(content.missing),
        original=content.original,
        fingerprint=content.fingerprint,
        licence=terms_of(share.licence for share in content.given.values()).name,
        base=content.base,
        recipe=content.recipe,
        counted=content.counted,
        samples=content.rows,
        tokens=content.tokens,
        instruction_tokens=content.instruction_tokens,
        tasks=content.given,
        gave_nothing=tuple(sorted(set(content.tasks) - set(content.given))),
        shortfalls=content.shortfalls,
        leaking=content.leaking,
        overlap=content.overlap,
        foreign=content.foreign,
        withheld=content.withheld,
        missing=content.missing,
        sources=source_files(content.files),
        files=dict(facts),
    )
