"""Writing a version of a mixture: one immutable folder, laid out like a release."""

from collections.abc import Container, Mapping
from pathlib import Path

from schemas.drawn import MixtureContent, Shortfall, TaskShare
from schemas.errors import MixtureError
from schemas.licence import together
from schemas.manifest import MixtureManifest
from schemas.mixture import Recipe
from schemas.receipts import Blob, Release
from schemas.state import State
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.root import Root
from tasks.base.versions.find import mixtures
from tasks.base.versions.manifest import made_with, source_files
from tasks.base.versions.write import must_not_leave, write
from tasks.build.builds.build import Build
from tasks.build.publish.content import DATA_VERSION
from tasks.model.draw.overlap import overlap
from tasks.model.draw.samples import Samples, samples
from tasks.model.mixture.candidates import Candidates, candidates
from tasks.model.mixture.counting import Counter, counter
from tasks.model.mixture.describe import data_path, describe
from tasks.model.mixture.make import Given, make
from tasks.model.mixture.selection import Chosen, choose


def write_mixture(state: State, recipe: Recipe, root: Root | None = None) -> Release:
    """Write a mixture of a build under `mixtures/<name>/` and let `latest.json` there name it.

    A version that is there already stays as it is.

    Args:
        state: the build.
        recipe: how it is drawn.
        root: where it goes; that of the build if None.

    Raises:
        MixtureError: the recipe cannot be followed, or nothing is left to draw.
        PublishError: the folder could not be written.
    """
    chosen = choose(recipe, declared_tasks(), held_out(), Build(state).chosen)
    how = counter(recipe.tokenizer)
    narrowed = Build(state).admitted(recipe.profile)
    target = root or narrowed.root
    must_not_leave(
        recipe.profile, target, recipe.name, "Name a folder: --out; or draw what may be shared: --set profile=open"
    )
    built = samples(narrowed)
    training = {task: built[task] for task in chosen.tasks if task in built and built[task].kept.rows("train")}
    if not training:
        raise MixtureError(
            f"{recipe.name}: the build of the latest release in {narrowed.root.url} has no training samples of the "
            f"{len(chosen.tasks)} tasks that the recipe chooses. What it has: medinst tasks. Build more: medinst build"
        )
    found = candidates(recipe, {task: each.training() for task, each in training.items()}, state)
    mark = _mark(narrowed, recipe, how, chosen, training, found)
    version = f"{DATA_VERSION}-{recipe.profile}-{mark[:8]}"

    def fill(folder: Path) -> MixtureManifest:
        path = folder / data_path(recipe)
        given = make(recipe, found.frames, {task: _category(task) for task in training}, how, path)
        content = _content(narrowed, recipe, how, chosen, found, given, version, mark)
        return describe(folder, content.model_copy(update={"overlap": overlap(path, state)}))

    return write(mixtures(target, recipe.name), version, fill).receipt


def _category(task: str) -> str:
    return declared_tasks()[task][1].category


def _mark(
    build: Build, recipe: Recipe, how: Counter, chosen: Chosen, training: Mapping[str, Samples], found: Candidates
) -> str:
    """The hash of everything that shapes a version."""
    sources = {source.id: source for source in (declared_tasks()[task][0] for task in training)}
    return fingerprint(
        {task: (each.rendered.fingerprint, each.kept.fingerprint) for task, each in training.items()},
        _said(recipe),
        [how.about, how.mark, found.mark, build.is_original, build.missing, build.state.release or None],
        [chosen.withheld, _missing(build, chosen)],
        [sources, source_files(_files(build, sources))],
        [code_of(__name__), made_with()],
    )


def _said(recipe: Recipe) -> Recipe:
    """A recipe as the mixture tells it: without the place of its tokenizer."""
    return recipe.model_copy(update={"tokenizer": Path(recipe.tokenizer).name if recipe.tokenizer else None})


def _files(build: Build, sources: Container[str]) -> dict[str, tuple[Blob, ...]]:
    return {source: blobs for source, blobs in build.files.items() if source in sources}


def _content(
    build: Build,
    recipe: Recipe,
    how: Counter,
    chosen: Chosen,
    found: Candidates,
    given: Mapping[str, Given],
    version: str,
    mark: str,
) -> MixtureContent:
    sources = {declared_tasks()[task][0].id for task, each in given.items() if each.rows}
    if not sources:
        raise MixtureError(_nothing_drawn(recipe, found, given))
    return MixtureContent(
        version=version,
        fingerprint=mark,
        base=build.state.release or None,
        original=build.is_original,
        recipe=_said(recipe),
        counted=how.about,
        tasks={task: _share(task, each) for task, each in given.items()},
        shortfalls=_shortfalls(recipe, given),
        leaking=found.leaking,
        foreign=found.foreign,
        withheld=chosen.withheld,
        missing=_missing(build, chosen),
        files=_files(build, sources),
    )


def _nothing_drawn(recipe: Recipe, found: Candidates, given: Mapping[str, Given]) -> str:
    held, wrong = (
        sum(counts) for counts in zip(*((each.held, each.wrong_length) for each in given.values()), strict=True)
    )
    reasons = (
        (found.leaking, f"{found.leaking:,} samples leak into a test (--set samples=all keeps them)"),
        (wrong, f"{wrong:,} of {held:,} candidates are too long or too short (min_tokens, max_tokens)"),
        (held - wrong, f"{held - wrong:,} candidates are kept out by caps, or by a size of less than one sample"),
    )
    return f"{recipe.name}: nothing is left to draw: {'; '.join(words for number, words in reasons if number)}."


def _share(task: str, given: Given) -> TaskShare:
    source, declared = declared_tasks()[task]
    return TaskShare(
        category=declared.category,
        source=source.id,
        licence=together(source.licences(declared, "train")),
        language=",".join(dict.fromkeys(source.language_of(part) for part in declared.reads)),
        **given._asdict(),
    )


def _shortfalls(recipe: Recipe, given: Mapping[str, Given]) -> dict[str, Shortfall]:
    """The quotas that were not met; of a size in tokens, by more than a sample of each task."""
    found: dict[str, Shortfall] = {}
    for name, asked in recipe.asked.items():
        members = [each for task, each in given.items() if name in (task, _category(task))]
        here = sum(each.tokens if recipe.tokens else each.rows for each in members)
        slack = sum(each.tokens / max(1, each.rows) for each in members) if recipe.tokens else 0
        if here + slack < asked:
            found[name] = Shortfall(asked=asked, given=here)
    return found


def _missing(build: Build, chosen: Chosen) -> dict[str, str]:
    absent = (task for task in chosen.tasks if task not in build.outcomes)
    return {task: build.withheld.get(task) or "not part of the build" for task in absent}
