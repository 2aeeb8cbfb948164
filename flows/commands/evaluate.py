"""medinst evaluate."""

from typing import Annotated, Literal

import typer

from flows.commands.options import ROOT, RootOption, Verbose
from flows.console.output import keeps, out
from flows.console.words import count
from schemas.task import STANDARD, Wording


def evaluate(
    model: Annotated[str, typer.Option(help="The model's name at its endpoint, or its folder.")],
    base_url: Annotated[
        str | None,
        typer.Option(
            help="Endpoint that speaks OpenAI's protocol, up to /v1. Its key: MEDINST_API_KEY.", show_default=False
        ),
    ] = None,
    backend: Annotated[
        Literal["openai", "transformers"], typer.Option(help="openai: an endpoint; transformers: a local folder.")
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
        Wording, typer.Option(help="Wording of the instructions, to measure how much depends on it.")
    ] = STANDARD,
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
            help="Regex that finds reasoning in an answer (first group = the text); '' turns it off.",
            show_default=False,
        ),
    ] = None,
    extra: Annotated[str, typer.Option(help="Further fields of each request, as a JSON object.")] = "{}",
    concurrency: Annotated[int, typer.Option(min=1, help="Number of requests at once.")] = 16,
    price_in: Annotated[float, typer.Option(help="Price of a million prompt tokens.")] = 0.0,
    price_out: Annotated[float, typer.Option(help="Price of a million answer tokens.")] = 0.0,
    folder: Annotated[str | None, typer.Option("--out", help="Folder for the answers (default: in the root).")] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> int:
    """Ask a model the questions of MedINST32 that it has not answered yet, and score it.

    Example: medinst evaluate --model qwen3 --base-url http://localhost:8000/v1 --limit 100
    """
    from pathlib import Path

    from tasks.base.store.root import Root
    from tasks.model.evaluate.backends import refuse_unusable
    from tasks.model.evaluate.options import asking
    from tasks.model.evaluate.plan import make_plan

    chosen = asking(
        model=model,
        backend=backend,
        shots=not zero_shot,
        wording=wording,
        system=system,
        temperature=temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        seed=seed,
        stop=tuple(stop or ()),
        reasoning=reasoning,
        extra=extra,
    )
    tasks = [name for names in task or () for name in names.split(",") if name]
    plan = make_plan(chosen, Root(root), tasks, limit, Path(folder) if folder else None)
    refuse_unusable(chosen, base_url)
    keeps(f"Answers are kept in {plan.folder}.")
    from flows.console.asking import Prices, asking_progress
    from flows.console.scores import show_scores
    from flows.server import PrefectServer
    from schemas.errors import EvaluationError
    from tasks.base.predictions.record import kept_scores

    prices, total = Prices(price_in, price_out), sum(plan.asked.values())
    out().print(f"{count(total, 'question')} of {count(len(plan.asked), 'task')}, benchmark {plan.benchmark.version}")
    with PrefectServer(verbose) as server, asking_progress(out(), total, prices) as asked:
        from flows.evaluate import evaluate as evaluate_flow

        server.ready()
        try:
            evaluate_flow(
                model=model,
                base_url=base_url,
                asking=chosen,
                tasks=tasks,
                limit=limit,
                concurrency=concurrency,
                root=root,
                out=folder,
            )
        except EvaluationError:
            out().print(f"{prices.words(asked)}; {asked.there:,} were there. Answers: {plan.folder}", highlight=False)
            raise
    out().print(f"{prices.words(asked)}; {asked.there:,} were there")
    for what, number in sorted(asked.failed.items(), key=lambda item: -item[1])[:5]:
        out().print(f"[yellow]·[/] {number:,} without an answer: {what}", highlight=False)
    code = show_scores(out(), plan.folder, Root(root), scores=kept_scores(plan.folder))
    out().print(f"Answers:     {plan.folder}", highlight=False)
    out().print(f"Leaderboard: {plan.folder.parent}/leaderboard.html", highlight=False)
    return code
