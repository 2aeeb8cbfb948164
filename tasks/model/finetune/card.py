"""README.md of a model: what it is made of, by which recipe, under which terms, and what it gained."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from schemas.finetune import Recipe
from schemas.manifest import MixtureManifest, ModelManifest
from schemas.pretrained import Pretrained
from schemas.trained import Comparison, Trained
from sources import tasks as declared_tasks
from tasks.base.licences.duties import FOLDER, Owned, notices, texts
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.versions.manifest import seal
from tasks.build.publish.hub import as_yaml
from tasks.model.disclosure.facts import of_model
from tasks.model.disclosure.write import beside
from tasks.model.finetune import loss, report, rollouts
from tasks.model.finetune.loss import Point
from tasks.model.finetune.plan import COST, Plan
from tasks.model.finetune.rollouts import Step
from tasks.model.pretrained.declared import declared, on_hub

CARD = "README.md"


class Curves(NamedTuple):
    """The log of a training, the page that shows it, and what is on that page."""

    log: str
    page: str
    line: type[Point] | type[Step]
    charts: tuple[report.Chart, ...]


LOSS = Curves(loss.LOG, "loss.html", Point, report.CHARTS)
REWARDS = Curves(rollouts.LOG, "rewards.html", Step, report.REWARDS)


FOLLOWS = ("packing", "answer_only", "tokens_per_step", "tokens_at_once", "divergence")
"""Fields that follow from `reinforce`, or say nothing beside it; cards leave them out."""


def curves(recipe: Recipe) -> Curves:
    """The log and page of a training by a recipe."""
    return REWARDS if recipe.reinforce else LOSS


def keep(plan: Plan, trained: Trained, comparison: Comparison | None) -> None:
    """Write the card, licence texts, page of the curves, summary of training content and manifest beside the model."""
    shown = curves(plan.recipe)
    write = plan.output.write_bytes
    write(CARD, card(plan.folder.name, trained, comparison).encode())
    write_notices(trained, write)
    points = loss.read(plan.folder / shown.log, shown.line)
    write(shown.page, report.page(plan.folder.name, points, shown.charts).encode())
    said, drawn = manifest(plan, trained), plan.mixture.manifest
    for name, text in beside(of_model(said, drawn if isinstance(drawn, MixtureManifest) else None)).items():
        write(name, text.encode())
    seal(plan.folder, said, beside=(shown.log, COST))


def write_notices(trained: Trained, write: Callable[[str, bytes], object]) -> None:
    """Write the licence texts that must be part of every copy of what the model was trained on."""
    for name, text in texts(owned(trained.licences)).items():
        write(name, text.encode())


def manifest(plan: Plan, trained: Trained) -> ModelManifest:
    """The manifest of a model; rows of unknown origin must not leave the machine."""
    rows = plan.mixture.manifest
    return ModelManifest(
        version=plan.folder.name,
        profile=rows.profile if rows else "local",
        partial=rows.partial if rows else True,
        original=rows.original if rows else False,
        fingerprint=plan.mark,
        samples=trained.data.samples,
        licence=terms_of(trained.licences.values()).name,
        base=trained.base,
        revision=trained.revision,
        mixture=trained.mixture,
        mixture_version=trained.mixture_version,
        tasks=trained.data.tasks,
        made_with=trained.versions,
    )


def owned(licences: Mapping[str, str]) -> dict[str, Owned]:
    """The source and licences of each declared task; undeclared ones are left out."""
    known = declared_tasks()
    return {task: Owned(known[task][0].id, each) for task, each in licences.items() if task in known}


def card(name: str, trained: Trained, comparison: Comparison | None) -> str:
    """The card of a model.

    Args:
        name: of the model.
        trained: its receipt.
        comparison: with the model before training; None if it was not measured.
    """
    licences = trained.licences
    told = notices(owned(licences))
    recipe = trained.recipe.model_dump(mode="json", exclude_none=True) | {"mixture": trained.mixture}
    recipe |= {"model": trained.base} if trained.recipe.model else {}
    about = trained.recipe.about
    if trained.reinforced:
        recipe = {name: said for name, said in recipe.items() if name not in FOLLOWS}
    return render(
        __file__,
        "card.md.j2",
        front=as_yaml(_front(trained)),
        name=name,
        trained=trained,
        comparison=comparison,
        base=trained.base,
        origin=_origin(trained),
        about=about[0].upper() + about[1:],
        terms=render(__file__, "terms.md.j2", terms=terms_of(licences.values()), limits=limits_of(licences)),
        notices=told,
        folder=FOLDER,
        recipe=as_yaml(recipe),
    )


def _origin(trained: Trained) -> Pretrained | None:
    """What is declared of the base model; None for random weights, and for folders that were not fetched."""
    return declared().get(trained.base) or on_hub(trained.base, trained.revision)


def _front(trained: Trained) -> dict[str, Any]:
    """The block of YAML that the Hub reads."""
    origin = _origin(trained)
    on_the_hub = origin.hub if origin else trained.base if "/" in trained.base else None
    terms = terms_of(trained.licences.values())
    licence = {"license": terms.hub or "other"}
    if terms.hub is None or trained.recipe.model:
        licence = {"license": "other", "license_name": terms.name}
    return {
        "library_name": "peft" if trained.recipe.lora else "transformers",
        **licence,
        **({"base_model": on_the_hub} if on_the_hub else {}),
        "pipeline_tag": "text-generation",
        "tags": ["biology", "medical", "grpo" if trained.reinforced else "instruction-tuning", "medinst"],
    }
