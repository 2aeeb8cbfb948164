"""The command `medinst`: all commands, in the groups of its help."""

import typer

from flows.commands.accept import accept
from flows.commands.baseline import baseline
from flows.commands.benchmark import benchmark
from flows.commands.build import build
from flows.commands.check import check
from flows.commands.diff import diff
from flows.commands.evaluate import evaluate
from flows.commands.experiment import experiment
from flows.commands.explore import explore
from flows.commands.export import export
from flows.commands.finetune import finetune
from flows.commands.gc import gc
from flows.commands.guard import guard
from flows.commands.licences import licences
from flows.commands.lock import lock
from flows.commands.mcp import mcp
from flows.commands.mix import mix
from flows.commands.model import fetch, list_models
from flows.commands.new_source import new_source
from flows.commands.options import with_folders
from flows.commands.parity import parity
from flows.commands.plan import plan
from flows.commands.publish import publish
from flows.commands.rollback import rollback
from flows.commands.score import score
from flows.commands.serve import serve
from flows.commands.show import show
from flows.commands.sources import sources
from flows.commands.sql import sql
from flows.commands.summary import summary
from flows.commands.tasks import tasks
from flows.commands.urls import urls
from flows.commands.why import why
from flows.console.output import explained

COMMANDS = {
    "Build": (build, plan, serve),
    "Look": (sources, tasks, explore, show, why, sql, mcp, parity, licences, diff),
    "Share": (accept, publish, export),
    "Model": (benchmark, mix, finetune, experiment, evaluate, baseline, score, guard, summary),
    "Maintain": (urls, lock, check, new_source, rollback, gc),
}
NESTED = {"model": ("Model", "Fetch pretrained models, and list them.", {"fetch": fetch, "list": list_models})}
"""Commands below a name of their own, with its place in the help and its summary."""

app = typer.Typer(
    name="medinst",
    help="The open pipeline from public biomedical datasets to MedINST, the meta-dataset of biomedical instructions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for group, commands in COMMANDS.items():
    for command in commands:
        app.command(command.__name__.replace("_", "-"), rich_help_panel=group)(explained(with_folders(command)))
for name, (group, about, below) in NESTED.items():
    nested = typer.Typer(name=name, help=about, no_args_is_help=True)
    for word, command in below.items():
        nested.command(word)(explained(command))
    app.add_typer(nested, rich_help_panel=group)


if __name__ == "__main__":
    app()
