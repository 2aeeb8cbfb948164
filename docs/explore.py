"""From a question about the corpora to a training set that answers it; docs/notebook.md says how to open this notebook.

It reads the catalogue of a build and nothing else. Only the last step writes: it draws a mixture into the build's root.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(
    width="medium",
    app_title="MedINST: from a question to a mixture",
)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # From a question to a mixture

    You want to train a model that finds names in biomedical texts, or one of its relatives: a model that links names to
    concepts or finds relations. **Which corpora should it learn from?** This notebook compares them in the catalogue of
    your build: how densely they are annotated, how lopsided their labels are, and how much of their tests is in their
    training sets. Then it draws a training set that follows from what you see.

    In a build of the miniatures of `demo/`, the numbers are those of a few invented texts and mean nothing.
    """)
    return


@app.cell
def _():
    import json
    import os
    import shutil
    import subprocess
    import tempfile
    from pathlib import Path

    import duckdb
    import marimo as mo
    import plotly.express as px
    import polars as pl

    return Path, duckdb, json, mo, os, pl, px, shutil, subprocess, tempfile


@app.cell
def _(Path, duckdb, mo, os):
    checkout = Path(__file__).resolve().parents[1]
    root = Path(os.environ.get("MEDINST_ROOT", checkout / "data")).resolve()
    mo.stop(
        not (root / "catalogue/catalogue.duckdb").exists(),
        mo.md(f"There is no catalogue in `{root}`. Build one, `medinst build --mirror demo`, or set `MEDINST_ROOT`."),
    )
    catalogue = duckdb.connect(root / "catalogue/catalogue.duckdb", read_only=True)
    _ = catalogue.execute("SET VARIABLE medinst_root = ?", [str(root)])  # where the views find records and samples
    return catalogue, checkout, root


@app.cell
def _(mo):
    category = mo.ui.dropdown(
        {"names (NER)": "NER", "links to concepts (NED)": "NED", "relations (RE)": "RE", "events (EE)": "EE"},
        value="names (NER)",
        label="The model should find",
    )
    category
    return (category,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## The corpora in numbers

    The table `diagnostics` has a row for each task, split and measure. This query puts the measures that matter here
    side by side; `docs/diagnostics.md` defines them all.
    """)
    return


@app.cell
def _(catalogue, category, diagnostics, mo, tasks):
    corpora = mo.sql(
        f"""
        SELECT task,
               max(value) FILTER (measure = 'words' AND split = 'all') AS words,
               round(max(value) FILTER (measure = 'mentions_per_100_words' AND split = 'all'), 1)
                   AS mentions_per_100_words,
               max(value) FILTER (measure = 'labels' AND split = 'all') AS labels,
               round(max(value) FILTER (measure = 'label_majority' AND split = 'all'), 3) AS label_majority,
               round(max(value) FILTER (measure = 'mentions_per_name' AND split = 'train'), 2) AS mentions_per_name,
               round(max(value) FILTER (measure = 'unseen_mentions' AND split = 'test'), 3) AS unseen_mentions
        FROM diagnostics JOIN tasks USING (task)
        WHERE category = '{category.value}'
        GROUP BY task HAVING mentions_per_100_words > 0
        ORDER BY mentions_per_100_words DESC, task
        """,
        engine=catalogue,
    )
    return (corpora,)


@app.cell(hide_code=True)
def _(corpora, mo):
    mo.stop(corpora.is_empty(), mo.md("The build has no such corpora. Choose something else above."))
    mo.md(f"""
    ## Which are densest?

    A dense corpus has many mentions in a short text; a sparse one also teaches a model where nothing is to be found.
    Here **{corpora["task"][0]}** is densest, with {corpora["mentions_per_100_words"][0]:.0f} mentions in 100 words,
    and **{corpora["task"][-1]}** sparsest, with {corpora["mentions_per_100_words"][-1]:.1f}.
    """)
    return


@app.cell
def _(corpora, px):
    density = px.scatter(corpora, x="words", y="mentions_per_100_words", hover_name="task", log_x=True)
    density.update_layout(xaxis_title="words", yaxis_title="mentions per 100 words", height=380)
    density
    return


@app.cell(hide_code=True)
def _(corpora, mo):
    several = corpora.filter(corpora["labels"] > 1).sort("label_majority", "task", descending=True)
    mo.md(f"""
    ## Which are lopsided?

    If one label has nearly all the items, a model learns the others badly. {len(several)} of these {len(corpora)}
    tasks have several labels. The bars are the share of the most frequent one; the dotted line is what equal shares
    would be.
    """)
    return (several,)


@app.cell
def _(px, several):
    lopsided = px.bar(several, x="task", y="label_majority", hover_data=["labels"])
    lopsided.add_scatter(
        x=several["task"], y=1 / several["labels"], mode="lines", line_dash="dot", name="equal shares", showlegend=False
    )
    lopsided.update_layout(yaxis_title="share of the most frequent label", yaxis_tickformat=".0%", xaxis_title=None)
    lopsided
    return


@app.cell(hide_code=True)
def _(corpora, mo):
    tested = corpora.drop_nulls("unseen_mentions").sort("unseen_mentions", "task", descending=True)
    mo.md(f"""
    ## How much of the tests is new?

    A mention of a test is *unseen* if its name does not occur in the training set of the same task. Where few are, a
    test can be passed from memory. The median of the {len(tested)} tasks with a test is
    **{tested["unseen_mentions"].median() or 0:.0%}** unseen.
    """)
    return (tested,)


@app.cell
def _(px, tested):
    unseen = px.bar(tested, x="task", y="unseen_mentions")
    unseen.update_layout(yaxis_title="unseen mentions of the test", yaxis_tickformat=".0%", xaxis_title=None)
    unseen
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## Which say the same thing?

    Two corpora that share most of their names add little to each other. The table `overlap` counts the names that two
    tasks have in common; `jaccard` divides them by all names of both.
    """)
    return


@app.cell
def _(catalogue, category, mo, overlap, tasks):
    _shared = mo.sql(
        f"""
        SELECT overlap.task, other_task, shared, round(jaccard, 3) AS jaccard
        FROM overlap JOIN tasks USING (task)
        WHERE kind = 'names' AND split = 'all' AND other_split = 'all' AND category = '{category.value}'
          AND overlap.task < other_task
        ORDER BY overlap.jaccard DESC, overlap.task, other_task LIMIT 50
        """,
        engine=catalogue,
    )
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## Where the corpora contradict themselves

    A name that is annotated in one place and not in another, or that means different things, limits what a model can
    learn and what a score can tell. `consistency` and `ambiguity` list the worst cases of each task. Look at some
    before you blame the model: `medinst explore` finds the samples. Relations have no rows here, as a mention without a
    relation can be right.
    """)
    return


@app.cell
def _(catalogue, category, consistency, mo, tasks):
    _untagged = mo.sql(
        f"""
        SELECT task, name, tagged, untagged, within FROM consistency JOIN tasks USING (task)
        WHERE category = '{category.value}' ORDER BY least(tagged, untagged) DESC, task, name LIMIT 50
        """,
        engine=catalogue,
    )
    return


@app.cell
def _(ambiguity, catalogue, category, mo, tasks):
    _ambiguous = mo.sql(
        f"""
        SELECT task, kind, subject, mentions, different, others FROM ambiguity JOIN tasks USING (task)
        WHERE category = '{category.value}' AND kind <> 'names' ORDER BY different DESC, task, kind, subject LIMIT 50
        """,
        engine=catalogue,
    )
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## The training set that follows

    Where tests ask for unseen names, a model should learn from contexts rather than remember names. So each sample is
    weighted by the share of different names among the mentions of its training set, which is 1 if no name is repeated.
    Lopsided corpora are left out. The query is part of a recipe (`docs/mixtures.md`): `medinst mix` draws from what the
    query finds, but no samples that leak into a test.
    """)
    return


@app.cell
def _(mo):
    limit = mo.ui.slider(
        0.5, 1, 0.05, value=0.9, label="leave out if one of several labels has more than", show_value=True
    )
    rows = mo.ui.number(1, 1_000_000, value=100, label="rows")
    draw = mo.ui.run_button(label="Draw the mixture")
    mo.vstack([limit, rows, draw])
    return draw, limit, rows


@app.cell
def _(catalogue, category, limit, mo):
    query = f"""
        SELECT id, 1 / mentions_per_name AS weight
        FROM samples JOIN (
            SELECT task, max(value) FILTER (measure = 'mentions_per_name') AS mentions_per_name,
                   max(value) FILTER (measure = 'labels') AS different,
                   max(value) FILTER (measure = 'label_majority') AS majority
            FROM diagnostics WHERE split = 'train' GROUP BY task
        ) AS measured USING (task) JOIN tasks USING (task)
        WHERE split = 'train' AND tasks.category = '{category.value}' AND mentions_per_name > 0
          AND (different = 1 OR majority <= {limit.value})
    """
    candidates = mo.sql(query, engine=catalogue, output=False)
    mo.md(f"{len(candidates):,} training samples qualify. The recipe that draws from them:")
    return (query,)


@app.cell
def _(mo, query, rows):
    recipe = f"about: Many different names, no lopsided corpora.\nrows: {rows.value}\nquery: |{query}"
    mo.md(f"```yaml\n{recipe}\n```")
    return (recipe,)


@app.cell
def _(
    Path,
    checkout,
    draw,
    json,
    mo,
    recipe,
    root,
    shutil,
    subprocess,
    tempfile,
):
    mo.stop(
        not (draw.value or mo.app_meta().mode == "script"), mo.md("Press *Draw the mixture*. It takes half a minute.")
    )
    medinst = shutil.which("medinst", path=checkout / ".venv/bin") or shutil.which("medinst") or "medinst"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "explored.yml")
        file.write_text(recipe, encoding="utf-8")
        command = [medinst, "mix", str(file), "--root", str(root), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    mixture = json.loads(done.stdout)
    print(f"{mixture['samples']} samples in {mixture['uri']}")
    return (mixture,)


@app.cell
def _(mixture, pl, px):
    given = pl.DataFrame([{"task": task, "rows": facts["rows"]} for task, facts in mixture["tasks"].items()])
    drawn = px.bar(given, x="task", y="rows")
    drawn.update_layout(yaxis_title="rows of the mixture", xaxis_title=None)
    drawn
    return


@app.cell(hide_code=True)
def _(mixture, mo):
    mo.md(f"""
    The mixture has **{mixture["samples"]:,} samples**, fewer than asked for if its tasks have no more. Its licence is
    `{mixture["licence"]}`, which its card explains: `{mixture["uri"]}/README.md`.

    `medinst export explored --format messages` writes it for a trainer, and `docs/finetuning.md` goes on from there.
    """)
    return


if __name__ == "__main__":
    app.run()
