"""What a training would be, and what it would take."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tasks.base.pages.words import size
from tasks.model.finetune import room
from tasks.model.finetune.architecture import Architecture
from tasks.model.finetune.estimate import Estimate, Memory, estimate
from tasks.model.finetune.outline import Outline
from tasks.model.finetune.room import Room

PARTS = {
    "weights": "weights",
    "optimizer": "optimizer states",
    "gradients": "gradients",
    "activations": "activations",
    "loss": "loss",
    "update": "while weights change",
}
DEVICES = {"cuda": "a GPU", "cpu": "the CPU"}


def show_outline(console: Console, outline: Outline, shards: int = 1) -> None:
    """Print the plan of a training, the memory that it is estimated to take, and what is missing."""
    place = room.room(outline.batch.processes)
    for name, words in _lines(outline):
        console.print(f"{name:12}{words}", highlight=False, markup=False)
    if outline.shape:
        _show_memory(console, outline, outline.shape, place, shards)
    else:
        console.print(
            "No estimate: the architecture is not known, or not one that the formulas describe", highlight=False
        )
    if place.devices > 1 and outline.batch.processes == 1:
        console.print(
            f"[yellow]·[/] One of {place.devices} GPUs is used; --accelerate FILE uses several", highlight=False
        )
    for why in outline.missing:
        console.print(f"[yellow]![/] {escape(why)}", highlight=False)


def _lines(outline: Outline) -> list[tuple[str, str]]:
    recipe, batch, mixture, base = outline.recipe, outline.batch, outline.mixture, outline.base
    rows = f", {mixture.rows:,} samples, version {mixture.version}" if mixture else ", not there"
    length = f"{recipe.max_length:,} tokens" if recipe.packing else f"up to {recipe.max_length:,} tokens"
    division = f"{batch.processes} device(s) × {batch.sequences} sequence(s) of {length} × {batch.accumulated}"
    steps = outline.steps
    about = "" if recipe.max_steps else "about "
    number = f"{about}{steps:,} steps" if steps else f"{recipe.epochs:g} epochs, steps"
    limit = f", {outline.samples:,} of them drawn" if mixture and outline.samples != mixture.rows else ""
    name = base.name if base else recipe.model or "random weights"
    return [
        ("Recipe", f"{recipe.name}: {recipe.about}"),
        ("Model", f"{name}{_weights(outline)}"),
        ("Mixture", f"{recipe.mixture}{rows}{limit}"),
        ("Training", f"{number} of {recipe.tokens_per_step:,} tokens: {division} accumulated"),
    ]


def _weights(outline: Outline) -> str:
    if outline.shape is None:
        return ""
    found = estimate(outline.recipe, outline.shape, "cuda")
    lora = outline.recipe.lora
    which = f"adapters of rank {lora.rank}: {found.trained:,} trained" if lora else "all trained"
    return f", {found.parameters:,} weights, {which}"


def _show_memory(console: Console, outline: Outline, shape: Architecture, place: Room, shards: int) -> None:
    recipe, processes = outline.recipe, outline.batch.processes
    devices = ["cuda"] if place.device == "cuda" else ["cuda", "cpu"]
    found = {name: estimate(recipe, shape, name, processes, shards) for name in devices}
    console.print(f"{'Operations':12}{_operations(outline, found['cuda'])}", highlight=False)
    console.print(_table({name: each.memory for name, each in found.items()}))
    if why := room.warning(recipe, shape, place, processes, shards):
        console.print(f"[yellow]![/] {escape(why)}", highlight=False)


def _operations(outline: Outline, found: Estimate) -> str:
    step = found.operations * outline.recipe.tokens_per_step
    whole = f", {step * outline.steps:.2g} in all" if outline.steps else ""
    return f"{step:.2g} floating-point operations a step{whole}"


def _table(found: dict[str, Memory]) -> Table:
    table = Table(title="Memory of a device, estimated", title_justify="left")
    table.add_column("")
    for name in found:
        table.add_column(f"on {DEVICES[name]}", justify="right")
    for part, words in PARTS.items():
        table.add_row(words, *(size(getattr(memory, part)) for memory in found.values()))
    table.add_section()
    table.add_row("most at once", *(size(memory.peak) for memory in found.values()))
    return table
