"""README.md of a model: what it is made of, by which recipe, under which terms, and what it gained."""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.manifest import ModelManifest
from schemas.trained import Comparison, Trained
from sources import tasks as declared_tasks
from tasks.base.licences.duties import FOLDER, Owned, notices, texts
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render
from tasks.base.versions.manifest import seal
from tasks.build.publish.hub import as_yaml
from tasks.model.finetune import loss, report
from tasks.model.finetune.plan import COST, Plan

CARD, PAGE = "README.md", "loss.html"


def keep(plan: Plan, trained: Trained, comparison: Comparison | None) -> None:
    """Write the card, the licence texts, the page of the loss and the manifest beside the model."""
    write = plan.output.write_bytes
    write(CARD, card(plan.folder.name, trained, comparison).encode())
    write_notices(trained, write)
    write(PAGE, report.page(plan.folder.name, loss.read(plan.folder / loss.LOG)).encode())
    seal(plan.folder, manifest(plan, trained), beside=(loss.LOG, COST))


def write_notices(trained: Trained, write: Callable[[str, bytes], object]) -> None:
    """Write the licence texts that must be part of every copy of what the model was trained on."""
    for name, text in texts(owned(trained.data.licences)).items():
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
        licence=terms_of(trained.data.licences.values()).name,
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
    licences = trained.data.licences
    told = notices(owned(licences))
    recipe = trained.recipe.model_dump(mode="json", exclude_none=True) | {"mixture": trained.mixture}
    recipe |= {"model": trained.base} if trained.recipe.model else {}
    return render(
        __file__,
        "card.md.j2",
        front=as_yaml(_front(trained)),
        name=name,
        trained=trained,
        comparison=comparison,
        base=trained.base,
        terms=render(__file__, "terms.md.j2", terms=terms_of(licences.values()), limits=limits_of(licences)),
        notices=told,
        folder=FOLDER,
        recipe=as_yaml(recipe),
    )


def _front(trained: Trained) -> dict[str, Any]:
    """The block of YAML that the Hub reads."""
    terms = terms_of(trained.data.licences.values())
    licence = {"license": terms.hub or "other"}
    if terms.hub is None or trained.recipe.model:
        licence = {"license": "other", "license_name": terms.name}
    return {
        "library_name": "peft" if trained.recipe.lora else "transformers",
        **licence,
        **({"base_model": trained.base} if "/" in trained.base else {}),  # a name on the Hub, no folder
        "pipeline_tag": "text-generation",
        "tags": ["biology", "medical", "instruction-tuning", "medinst"],
    }
