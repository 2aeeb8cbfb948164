"""The command `medinst`."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from rich.console import Console

from flows.quiet import quiet
from schemas.errors import MedinstError
from schemas.licence import Profile

app = typer.Typer(
    name="medinst",
    help="The open pipeline from public biomedical datasets to MedINST, the meta-dataset of biomedical instructions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True, soft_wrap=True)

_P = ParamSpec("_P")
_R = TypeVar("_R")

Root = Annotated[
    str | None,
    typer.Option(help="Where everything lives: a folder or s3://bucket/prefix. [env: MEDINST_ROOT]"),
]
Mirrors = Annotated[
    list[str] | None,
    typer.Option(
        "--mirror",
        help="Folder or bucket that holds <source>/<file>; repeatable, the first that has a file wins. "
        "`origin` stands for the declared addresses, and is the default.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def explained(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """A command whose expected errors are messages, not tracebacks, and end with exit code 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except MedinstError as error:
            err.print("[bold red]Error:[/] ", end="")
            err.print(str(error), markup=False, highlight=False)
            raise typer.Exit(1) from error
        except Exception as error:
            from tasks.base.store.disk import is_full

            if not is_full(error):
                raise
            err.print("[bold red]Error:[/] ", end="")
            err.print(f"The disk is full ({error}). {_FULL}", markup=False, highlight=False)
            raise typer.Exit(1) from error

    return run


_FULL = (
    "Nothing was published, the current release stays, and what is finished is kept. Make room, or name another root "
    "with --root, and run the same command again."
)


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


@app.command(epilog="Example: medinst build bc5cdr scifact --mirror demo --root /tmp/medinst")
@explained
def build(
    sources: Annotated[list[str] | None, typer.Argument(help="Ids of sources; none for all.")] = None,
    task: Annotated[list[str] | None, typer.Option(help="Only this task; repeatable.")] = None,
    mirror: Mirrors = None,
    root: Root = None,
    frozen: Annotated[bool, typer.Option(help="Refuse files that sources/sources.lock does not pin.")] = False,
    fresh: Annotated[bool, typer.Option(help="Download again what is pinned and here already.")] = False,
    profile: Annotated[
        str | None, typer.Option(help="What the release may hold: open, research or local. [default: local]")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that parse. [env: MEDINST_WORKERS]")] = None,
    runner: Annotated[str, typer.Option(help="What runs the steps: thread, process or dask.")] = "thread",
    near: Annotated[
        str | None, typer.Option("--near-duplicates", help="flag them, or remove training samples. [default: flag]")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
    json: Json = False,
) -> None:
    """Build sources into a gated release: fetch, read, render, deduplicate, judge, publish."""
    quiet(verbose)
    from flows.commands import build as run

    chosen = _one_of("--profile", profile, ("open", "research", "local"))
    _one_of("--runner", runner, ("thread", "process", "dask"))
    _one_of("--near-duplicates", near, ("flag", "remove"))
    raise typer.Exit(
        run.run(
            out if not json else err,
            {
                "sources": list(sources or ()),
                "tasks": list(task or ()),
                "root": root,
                "mirrors": list(mirror or ()),
                "profile": chosen,
                "frozen": frozen,
                "fresh": fresh,
                "workers": workers,
                "near": near,
            },
            runner,
            print_json if json else None,
        )
    )


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> Profile | None:
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(allowed)}", param_hint=option)
    return value  # pyright: ignore[reportReturnType]


@app.command(epilog="Example: medinst sources --json")
@explained
def sources(json: Json = False, root: Root = None) -> None:
    """List the declared sources: access, licence, what the newest build has of them."""
    from flows.commands import declared

    print_json(declared.sources(root)) if json else out.print(declared.source_table(declared.sources(root)))


@app.command(epilog="Example: medinst tasks --json")
@explained
def tasks(json: Json = False, root: Root = None) -> None:
    """List the declared tasks: category, source, labels, what the newest build has of them."""
    from flows.commands import declared

    print_json(declared.tasks(root)) if json else out.print(declared.task_table(declared.tasks(root)))


@app.command(epilog="Example: medinst show BC5CDR-RE -n 1")
@explained
def show(
    name: Annotated[str, typer.Argument(help="A source or a task.")],
    n: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 3,
    root: Root = None,
) -> None:
    """Show records and rendered samples of the newest build, readable in a terminal."""
    from flows.commands import show as run

    run.run(out, name, n, root)


@app.command(epilog="Example: medinst licences --profile open --json")
@explained
def licences(
    profile: Annotated[
        str | None, typer.Option(help="Only this one: open, research or local. [default: all three]")
    ] = None,
    json: Json = False,
    root: Root = None,
) -> None:
    """Show what each profile holds, on which terms, and what it loses for which licence, with the evidence."""
    from flows.commands import licences as run

    chosen = _one_of("--profile", profile, ("open", "research", "local"))
    run.run(out, chosen, root, print_json if json else None)


@app.command(epilog="Example: medinst why BC5CDR-RE/227508")
@explained
def why(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A sample's id; or a record's, alone or after source/part or task.")
    ],
    json: Json = False,
    root: Root = None,
) -> None:
    """Tell the story of one record or sample: from file, bytes and lines to the release or its reject."""
    from flows.commands import why as run

    raise typer.Exit(run.run(out, name, root, print_json if json else None))


@app.command(epilog="Example: medinst parity --json")
@explained
def parity(json: Json = False, root: Root = None) -> None:
    """Compare the newest build with the 163 rows of the paper's Table 11."""
    from flows.commands import parity as run

    raise typer.Exit(run.run(out, root, print_json if json else None))


@app.command(epilog='Example: medinst sql "SELECT category, sum(kept) FROM splits GROUP BY category"')
@explained
def sql(
    query: Annotated[str, typer.Argument(help="A query of the catalogue; see docs/data-model.md.")],
    json: Json = False,
    root: Root = None,
) -> None:
    """Ask the newest catalogue a question in SQL: read-only, and nothing outside the root can be reached."""
    from flows.commands import sql as run

    run.run(out, query, root, print_json if json else None)


@app.command(epilog="Example: medinst lock bc5cdr --update")
@explained
def lock(
    sources: Annotated[list[str] | None, typer.Argument(help="Ids of sources; none for all.")] = None,
    update: Annotated[bool, typer.Option(help="Accept bytes that differ from the lock.")] = False,
    mirror: Mirrors = None,
    root: Root = None,
) -> None:
    """Pin sha256 and size of the sources' files in sources/sources.lock."""
    from flows.commands import lock as run

    raise typer.Exit(run.run(out, list(sources or ()), update, list(mirror or ()), root))


@app.command(epilog="Example: medinst check; medinst check --update after a change of the sources")
@explained
def check(
    update: Annotated[bool, typer.Option(help="Write the newest build's counts as the expected ones.")] = False,
    root: Root = None,
) -> None:
    """Check all declarations, and the newest build's counts against the expected ones."""
    from flows.commands import check as run

    raise typer.Exit(run.run(out, update, root))


@app.command("new-source", epilog="Example: medinst new-source my_corpus")
@explained
def new_source(
    source: Annotated[str, typer.Argument(help="The id: lower case letters, digits, underscores.")],
) -> None:
    """Write the files of a new source, with what is to be filled in."""
    from flows.commands import new_source as run

    run.run(out, source)


@app.command(epilog="Example: medinst serve --port 4200")
@explained
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect UI on this machine.")] = 4200,
    root: Root = None,
) -> None:
    """Start Prefect's server and UI, the schedules and a worker on this machine; Ctrl-C ends them."""
    quiet(verbose=True)
    from flows.commands import serve as run

    raise typer.Exit(run.run(out, port, root))


@app.command(epilog="Example: medinst publish --to s3://bucket/medinst --profile open")
@explained
def publish(
    to: Annotated[str | None, typer.Option(help="Folder or bucket to publish to; else the root itself.")] = None,
    profile: Annotated[str, typer.Option(help="What the release may hold: open, research or local.")] = "open",
    root: Root = None,
) -> None:
    """Publish the newest build under a profile: through the gate, then as one immutable release."""
    quiet()
    from flows.commands import publish as run

    chosen = _one_of("--profile", profile, ("open", "research", "local"))
    assert chosen is not None
    raise typer.Exit(run.run(out, to, chosen, root))


@app.command(epilog="Example: medinst benchmark --export lm-eval")
@explained
def benchmark(
    profile: Annotated[str, typer.Option(help="What it may hold: open, research or local.")] = "local",
    seed: Annotated[int, typer.Option(help="Of all draws.")] = 2024,
    export: Annotated[str | None, typer.Option(help="Also write task files for a harness: lm-eval.")] = None,
    folder: Annotated[str | None, typer.Option("--out", help="Folder of the exported task files.")] = None,
    root: Root = None,
) -> None:
    """Make MedINST32 from the newest build: 32 test sets, the training sets without them, two mixtures."""
    quiet()
    from flows.commands import benchmark as run

    chosen = _one_of("--profile", profile, ("open", "research", "local"))
    assert chosen is not None
    _one_of("--export", export, ("lm-eval",))
    raise typer.Exit(run.run(out, chosen, seed, export, folder, root))


@app.command(epilog="Example: medinst evaluate --model qwen3 --base-url http://localhost:8000/v1 --limit 100")
@explained
def evaluate(
    model: Annotated[str, typer.Option(help="The model's name at its endpoint, or its folder.")],
    base_url: Annotated[
        str | None, typer.Option(help="Endpoint that speaks OpenAI's protocol, up to /v1. The key: MEDINST_API_KEY.")
    ] = None,
    backend: Annotated[str, typer.Option(help="openai (an endpoint) or transformers (a local folder).")] = "openai",
    task: Annotated[
        list[str] | None, typer.Option("--tasks", "--task", help="Only these tests: AnEM,BIOSSES; repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Samples of each test at most, drawn by their ids.")] = None,
    zero_shot: Annotated[bool, typer.Option(help="Without the two examples.")] = False,
    system: Annotated[str, typer.Option(help="System prompt.")] = "",
    temperature: Annotated[float, typer.Option(min=0)] = 0.0,
    top_p: Annotated[float | None, typer.Option(min=0, max=1)] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help="New tokens at most.")] = 1024,
    seed: Annotated[int | None, typer.Option(help="Of the model's sampling.")] = None,
    stop: Annotated[list[str] | None, typer.Option(help="String that ends an answer; repeatable.")] = None,
    reasoning: Annotated[
        str | None, typer.Option(help="Regular expression of reasoning, its text in the first group; empty: none.")
    ] = None,
    extra: Annotated[str, typer.Option(help="Further fields of each request, as a JSON object.")] = "{}",
    concurrency: Annotated[int, typer.Option(min=1, help="Requests at once.")] = 16,
    price_in: Annotated[float, typer.Option(help="Price of a million tokens read.")] = 0.0,
    price_out: Annotated[float, typer.Option(help="Price of a million tokens written.")] = 0.0,
    folder: Annotated[str | None, typer.Option("--out", help="Folder for the answers. [default: in the root]")] = None,
    root: Root = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Ask a model the questions of MedINST32 that it has not answered yet, and score it."""
    quiet(verbose)
    from flows.commands import evaluate as run
    from flows.console.asking import Prices
    from tasks.model.evaluate.options import asking

    chosen = asking(
        model=model,
        backend=backend,
        shots=not zero_shot,
        system=system,
        temperature=temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        seed=seed,
        stop=tuple(stop or ()),
        reasoning=reasoning,
        extra=extra,
    )
    parameters = {
        "base_url": base_url,
        "tasks": [name for names in task or () for name in names.split(",") if name],
        "limit": limit,
        "concurrency": concurrency,
        "root": root,
        "out": folder,
    }
    raise typer.Exit(run.run(out, chosen, parameters, Prices(price_in, price_out)))


@app.command(epilog="Example: medinst score data/evaluations/2026.11.0-local-1a2b3c4d/qwen3-5e6f7a8b --json")
@explained
def score(
    file: Annotated[
        str, typer.Argument(help="A folder of `medinst evaluate`, or a JSON file in the published layout.")
    ],
    against: Annotated[str | None, typer.Option(help="Another one, to compare with on the same samples.")] = None,
    json: Json = False,
    root: Root = None,
) -> None:
    """Score predictions, offline: the paper's metrics and the strict ones side by side, with 95 % intervals."""
    from pathlib import Path

    from flows.commands import score as run

    other = Path(against) if against else None
    raise typer.Exit(run.run(out, Path(file), other, root, print_json if json else None))


@app.command(epilog="Example: medinst mix unseen_train_100k --set samples=clean --set rows=10000")
@explained
def mix(
    recipe: Annotated[str, typer.Argument(help="A ready-made recipe, or a file: .yml, or .sql with a query alone.")],
    change: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE in YAML, before what the recipe says; repeatable.")
    ] = None,
    folder: Annotated[str | None, typer.Option("--out", help="Folder or bucket to write to. [default: root]")] = None,
    root: Root = None,
    json: Json = False,
) -> None:
    """Draw a training set from the newest build: which tasks, how much of each, for whom; see docs/mixtures.md."""
    quiet()
    from flows.commands import mix as run

    raise typer.Exit(run.run(out, recipe, list(change or ()), root, folder, print_json if json else None))


@app.command(epilog="Example: medinst finetune tiny_cpu --limit 3000 --set max_steps=50")
@explained
def finetune(
    recipe: Annotated[str, typer.Argument(help="A recipe that comes with MedINST, or a file that ends with .yml.")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another value of a field: learning_rate=1e-4, lora.rank=8; repeatable."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Samples of the mixture at most.")] = None,
    folder: Annotated[str | None, typer.Option("--out", help="Folder for models. [default: in the root]")] = None,
    root: Root = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Train a model on a mixture, offline, and measure on MedINST32 what it gained; needs the extra `models`."""
    quiet(verbose)
    from tasks.model.finetune.recipe import load

    chosen = load(recipe, [*(settings or ()), *([f"samples={limit}"] if limit else ())])
    from flows.commands import finetune as run

    raise typer.Exit(run.run(out, chosen, root, folder))


@app.command(epilog="Example: medinst export unseen_train_100k --format messages")
@explained
def export(
    dataset: Annotated[str, typer.Argument(help="A release, benchmark or mixture: its folder, version, or name.")],
    form: Annotated[str, typer.Option("--format", help="alpaca, sharegpt, messages, prompt-completion or parquet.")],
    only: Annotated[list[str] | None, typer.Option(help="Only this configuration, such as a task; repeatable.")] = None,
    rows_per_file: Annotated[int, typer.Option(min=1, help="Rows of a file at most.")] = 100_000,
    chat_template: Annotated[
        str | None, typer.Option(help="Folder of a tokenizer whose chat template renders the rows as text.")
    ] = None,
    system: Annotated[str, typer.Option(help="System prompt of every conversation.")] = "",
    folder: Annotated[str | None, typer.Option("--out", help="Folder or bucket to write to. [default: root]")] = None,
    root: Root = None,
) -> None:
    """Write a release, benchmark or mixture in the form that a trainer reads: JSONL or Parquet in parts."""
    from flows.commands import export as run
    from tasks.model.export.forms import FORMS
    from tasks.model.export.write import Wish

    _one_of("--format", form, tuple(FORMS))
    wish = Wish(form, rows_per_file, chat_template, system, tuple(only or ()))  # pyright: ignore[reportArgumentType]
    raise typer.Exit(run.run(out, dataset, wish, folder, root))


if __name__ == "__main__":
    app()
