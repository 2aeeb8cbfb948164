"""medinst evaluate."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows.commands.options import ROOT, RootOption, Verbose
from flows.console.output import keeps, out
from flows.console.words import count
from schemas.task import STANDARD


def evaluate(
    model: Annotated[
        str, typer.Option(help="The model's name at its endpoint, its folder, or its name in `medinst model list`.")
    ],
    base_url: Annotated[
        str | None,
        typer.Option(
            help="Endpoint that speaks OpenAI's protocol, up to /v1. Its key: MEDINST_API_KEY.", show_default=False
        ),
    ] = None,
    backend: Annotated[
        Literal["openai", "transformers"],
        typer.Option(help="openai: an endpoint; transformers: a model on this machine."),
    ] = "openai",
    task: Annotated[
        list[str] | None,
        typer.Option("--tasks", "--task", help="Only these tests: AnEM,BIOSSES; repeatable.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Maximum number of samples per test, drawn by their ids.")
    ] = None,
    zero_shot: Annotated[bool, typer.Option("--zero-shot", help="Ask without the two examples.")] = False,
    wording: Annotated[
        str, typer.Option(help="Wording of the instructions: standard, short, guideline, several with commas, or all.")
    ] = STANDARD,
    shuffle_options: Annotated[
        str,
        typer.Option(
            help="Labels and options in another order: a seed, several or a range (3,7 or 0-4); 0: the usual order."
        ),
    ] = "0",
    shots_seed: Annotated[
        str, typer.Option(help="Other examples before the question: seeds, as above; 0: those of the benchmark.")
    ] = "0",
    system: Annotated[str, typer.Option(help="System prompt.")] = "",
    temperature: Annotated[float, typer.Option(min=0, help="Sampling temperature; 0: greedy decoding.")] = 0.0,
    top_p: Annotated[float | None, typer.Option(min=0, max=1, help="Nucleus sampling.", show_default=False)] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help="Maximum number of new tokens.")] = 1024,
    seed: Annotated[int | None, typer.Option(help="Sampling seed sent to the model.", show_default=False)] = None,
    stop: Annotated[
        list[str] | None, typer.Option(help="String that ends an answer; repeatable.", show_default=False)
    ] = None,
    reasoning: Annotated[
        str | None,
        typer.Option(
            help="Regex that finds reasoning in an answer (first group = the text) instead of all known layouts; "
            "'' turns it off.",
            show_default=False,
        ),
    ] = None,
    constrain: Annotated[
        Literal["vllm", "sglang", "llama.cpp", "llguidance"] | None,
        typer.Option(
            help="Hold answers to the grammar of their task: the kind of server, or llguidance for a local model.",
            show_default=False,
        ),
    ] = None,
    precision: Annotated[
        Literal["bf16", "fp32"] | None,
        typer.Option(
            help="Precision in which a local model computes (default: as its weights are stored).", show_default=False
        ),
    ] = None,
    extra: Annotated[str, typer.Option(help="Further fields of each request, as a JSON object.")] = "{}",
    concurrency: Annotated[int, typer.Option(min=1, help="Number of requests at once.")] = 16,
    batch_out: Annotated[
        Path | None,
        typer.Option(
            help="Send nothing; write what is not answered yet as requests (OpenAI Batch, vllm run-batch).",
            show_default=False,
        ),
    ] = None,
    batch_in: Annotated[
        list[Path] | None,
        typer.Option(
            help="Send nothing; read the replies to such requests, then score; repeatable.", show_default=False
        ),
    ] = None,
    price_in: Annotated[float, typer.Option(help="Price of a million prompt tokens.")] = 0.0,
    price_out: Annotated[float, typer.Option(help="Price of a million answer tokens.")] = 0.0,
    folder: Annotated[
        str | None, typer.Option("--out", help="Folder or bucket for the answers (default: in the root).")
    ] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> int:
    """Ask a model those questions of MedINST32 that it has not answered yet, then score all its answers.

    Example: medinst evaluate --model qwen3 --base-url http://localhost:8000/v1 --limit 100
    """
    from schemas.errors import EvaluationError
    from tasks.base.predictions.bucket import address
    from tasks.base.store.root import Root
    from tasks.model.evaluate.backends import refuse_unusable
    from tasks.model.evaluate.options import asking
    from tasks.model.evaluate.plan import make_plan
    from tasks.model.evaluate.variants import variants

    usual = asking(
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
        constrain=constrain or "",
        precision=precision or "",
        extra=extra,
    )
    if (batch_out or batch_in) and (backend != "openai" or (batch_out and batch_in)):
        raise EvaluationError("--batch-out and --batch-in go with --backend openai, and not with each other.")
    chosen = variants(usual, wording=wording, options_seed=shuffle_options, shots_seed=shots_seed)
    tasks = [name for names in task or () for name in names.split(",") if name]
    plans = [make_plan(each, Root(root), tasks, limit, folder) for each in chosen]
    if batch_out:
        from flows.console.batches import write_batch

        return write_batch(out(), plans, batch_out)
    if batch_in:
        from flows.console.batches import read_batch

        read_batch(out(), plans, usual, batch_in)
    else:
        refuse_unusable(usual, base_url)
    keeps(f"Answers are kept in {address(plans[0].folder if len(plans) == 1 else plans[0].folder.parent)}.")
    from rich.markup import escape

    from flows.console.asking import Prices, asking_progress, say_asked
    from flows.console.scores import show_evaluations
    from flows.server import PrefectServer

    prices, total = Prices(price_in, price_out), sum(sum(plan.asked.values()) for plan in plans)
    say_asked(out(), plans)
    with PrefectServer(verbose) as server, asking_progress(out(), total, prices) as asked:
        from flows.evaluate import evaluate as evaluate_flow

        server.ready()
        try:
            evaluate_flow(
                model=model,
                base_url=base_url,
                variants=chosen,
                tasks=tasks,
                limit=limit,
                concurrency=concurrency,
                root=root,
                out=folder,
                batch_in=[str(path) for path in batch_in or ()],
            )
        except EvaluationError:
            kept = f"{asked.there:,} were there. Answers: {address(plans[0].folder.parent)}"
            out().print(f"{prices.words(asked)}; {kept}", highlight=False)
            raise
    out().print(f"{prices.words(asked)}; {asked.there:,} were there")
    for what, number in sorted(asked.failed.items(), key=lambda item: -item[1])[:5]:
        out().print(f"[yellow]·[/] {number:,} without an answer: {escape(what)}", highlight=False)
    if cut := asked.outcomes.get("length", 0):
        out().print(
            f"[yellow]·[/] {count(cut, 'answer')} cut off after {max_tokens:,} tokens. A model that thinks may "
            "need more: --max-tokens",
            highlight=False,
        )
    code = show_evaluations(out(), [plan.folder for plan in plans], Root(root))
    kept = address(plans[0].folder if len(plans) == 1 else plans[0].folder.parent)
    out().print(f"Answers:     {kept}", highlight=False)
    out().print(f"Leaderboard: {address(plans[0].folder.parent)}/leaderboard.html", highlight=False)
    return code
