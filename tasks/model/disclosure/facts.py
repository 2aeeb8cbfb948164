"""What a mixture holds, or a model was trained on: the facts of a summary, without what only a provider knows."""

from collections.abc import Iterable, Mapping

from pydantic import computed_field

from schemas.base import Model
from schemas.errors import VersionError, did_you_mean
from schemas.licence import AND, Access, apart
from schemas.manifest import Manifest, MixtureManifest, ModelManifest
from schemas.source import Source
from schemas.spdx import expression
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.licences.terms import terms_of
from tasks.base.store.root import Root
from tasks.base.versions.find import MIXTURES, Found, find, mixtures, models


class Used(Model):
    """A source that samples were made from.

    Attributes:
        access: how to get its files.
        licence: of the samples, as an SPDX expression.
        evidence: where its authors state the licence.
        languages: ISO 639-1 codes of the texts.
        tasks: task -> samples.
        tokens: of the samples; None where they were not counted by source.
        files: addresses of its files; empty where the manifest does not name them.
    """

    id: str
    title: str
    about: str
    homepage: str
    access: Access
    licence: str
    evidence: str
    languages: tuple[str, ...]
    tasks: dict[str, int]
    tokens: int | None
    files: tuple[str, ...]

    @computed_field
    @property
    def samples(self) -> int:
        """Samples of all its tasks."""
        return sum(self.tasks.values())


class Facts(Model):
    """What the summary of a training set, or of a model trained on one, can say by itself.

    Attributes:
        kind: `mixture` or `model`.
        base: the model that was trained further; None for a training set.
        tokens: of all samples; None where they were not counted.
        counted: what was counted as a token.
        unknown: task -> samples that no declared source gave, whose origin a provider has to state.
        terms: the terms of the whole, in words.
        leaking: training samples left out because they leak into a test; None where that was not recorded.
    """

    kind: str
    name: str
    version: str
    profile: str
    original: bool
    base: str | None
    revision: str | None
    samples: int
    tokens: int | None
    counted: str
    languages: tuple[str, ...]
    sources: tuple[Used, ...]
    unknown: dict[str, int]
    terms: str
    leaking: int | None


def find_trained(asked: str, root: Root) -> Found[Manifest]:
    """Find a mixture or a model.

    Args:
        asked: a folder or its address, the name of a mixture for its latest version, one of its versions, or a model.
        root: where names and versions are looked for.

    Raises:
        VersionError: it is not there, or is of another kind.
    """
    parent, _, name = Root(asked).url.rpartition("/")
    named = root.names(MIXTURES)
    latest = mixtures(root, asked).latest if asked in named else None
    places = [mixtures(root, each) for each in named]
    found = find(Root(parent), name) or next(
        (one for each in (*places, models(root)) if "/" not in asked and (one := each.find(latest or asked))), None
    )
    if found is None:
        there = [*named, *models(root).names()]
        raise VersionError(
            f"{root.url} has no mixture and no model `{asked}`{did_you_mean(asked, there)}, and it is not the folder "
            f"of one. It has: {', '.join(there) or 'none'}. Make one: medinst mix or medinst finetune"
        )
    if not isinstance(found.manifest, MixtureManifest | ModelManifest):
        raise VersionError(f"{asked} is a {found.manifest.kind}: expected a mixture or a model.")
    return found


def facts_of(found: Found[Manifest], root: Root) -> Facts:
    """The facts of a mixture, or of a model and the mixture it was trained on, if that is still in the root."""
    manifest = found.manifest
    if isinstance(manifest, MixtureManifest):
        return of_mixture(manifest)
    assert isinstance(manifest, ModelManifest)
    drawn = mixtures(root, manifest.mixture).find(manifest.mixture_version) if "/" not in manifest.mixture else None
    return of_model(manifest, drawn.manifest if drawn else None)


def of_mixture(said: MixtureManifest) -> Facts:
    """The facts of a mixture."""
    return _facts(said, said, {name: share.rows for name, share in said.tasks.items() if share.rows})


def of_model(said: ModelManifest, drawn: MixtureManifest | None) -> Facts:
    """The facts of a model; those of its mixture are left out where that is unknown."""
    return _facts(said, drawn, said.tasks)


def _facts(said: MixtureManifest | ModelManifest, drawn: MixtureManifest | None, tasks: Mapping[str, int]) -> Facts:
    known = declared_tasks()
    ours = {name: rows for name, rows in tasks.items() if name in known}
    by_source: dict[str, dict[str, int]] = {}
    for name, rows in sorted(ours.items()):
        by_source.setdefault(known[name][0].id, {})[name] = rows
    model = said if isinstance(said, ModelManifest) else None
    used = tuple(_used(registry()[source], given, drawn, model is None) for source, given in sorted(by_source.items()))
    return Facts(
        kind=said.kind,
        name=said.version if model else drawn.recipe.name if drawn else said.version,
        version=said.version,
        profile=said.profile,
        original=said.original,
        base=model and model.base,
        revision=model and model.revision,
        samples=sum(tasks.values()),
        tokens=drawn.tokens if drawn and model is None else None,
        counted=drawn.counted if drawn else "",
        languages=tuple(sorted({each for one in used for each in one.languages})),
        sources=used,
        unknown={name: rows for name, rows in sorted(tasks.items()) if name not in known},
        terms=said.licence or terms_of(_licences(drawn, ours).values()).name,
        leaking=drawn.leaking if drawn else None,
    )


def _used(source: Source, tasks: dict[str, int], drawn: MixtureManifest | None, counted: bool) -> Used:
    shares = [drawn.tasks[name] for name in tasks if drawn and name in drawn.tasks]
    licences = _licences(drawn, tasks)
    files = drawn.sources.get(source.id, ()) if drawn else ()
    return Used(
        id=source.id,
        title=source.title,
        about=source.about,
        homepage=source.homepage,
        access=source.access,
        licence=expression(licence for name in tasks for licence in apart(licences[name])),
        evidence=source.evidence.url,
        languages=tuple(sorted(set(_languages(tasks)))),
        tasks=tasks,
        tokens=sum(share.tokens for share in shares) if counted and shares else None,
        files=tuple(file.url for file in files),
    )


def _languages(tasks: Iterable[str]) -> Iterable[str]:
    """The languages of tasks' texts, those of translations one by one."""
    for name in tasks:
        source, task = declared_tasks()[name]
        for part in task.reads:
            yield from source.language_of(part).split("-")


def _licences(drawn: MixtureManifest | None, tasks: Iterable[str]) -> dict[str, str]:
    """The licences of tasks' samples: as they were when they were drawn, else as they are declared."""
    known = declared_tasks()
    return {
        name: drawn.tasks[name].licence
        if drawn and name in drawn.tasks
        else AND.join(each.value for each in known[name][0].licences(known[name][1], "train"))
        for name in tasks
    }
