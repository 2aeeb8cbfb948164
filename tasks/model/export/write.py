"""Writing an export: one folder that appears whole, with licence, notices and where its rows come from."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import yaml

from schemas.manifest import Dataset, ExportManifest, ExportOptions
from tasks.base.licences.duties import FOLDER
from tasks.base.pages.template import render as filled
from tasks.base.store.closure import version
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, exports
from tasks.base.versions.manifest import made_with
from tasks.base.versions.write import must_not_leave, write
from tasks.build.publish.about import write_texts
from tasks.build.publish.hub import as_yaml
from tasks.model.export.dataset import configurations, label
from tasks.model.export.forms import FORMS, LINEAGE, Form, Format, Shape
from tasks.model.export.render import Render, renderer
from tasks.model.export.shards import write_shards
from tasks.model.export.verifiable import Sieve

ROWS_PER_FILE = 100_000
_BATCH = 10_000
_COPIED = ("NOTICE.md", "references.bib")


class Options(NamedTuple):
    """How a dataset is exported.

    Attributes:
        rows_per_file: rows of a file at most.
        chat_template: folder of a tokenizer whose chat template renders the rows; None for none.
        system: a system prompt; empty for none.
        only: configurations; none for all.
    """

    format: Format
    rows_per_file: int = ROWS_PER_FILE
    chat_template: str | None = None
    system: str = ""
    only: tuple[str, ...] = ()


def export(dataset: Found[Dataset], options: Options, root: Root) -> Found[ExportManifest]:
    """Write an export to `exports/<dataset>/<format>-<mark>/`; one that is there already stays as it is.

    Args:
        dataset: what is exported.
        options: how it is exported.
        root: where it goes.

    Raises:
        ExportError: the data cannot be written like that.
        PublishError: the data may not go there, or the folder could not be written.
    """
    cure = "Export one that may be shared: medinst publish --profile open"
    must_not_leave(dataset.manifest.profile, root, dataset.uri, cure)
    files = configurations(dataset, options.only)
    shape = Shape(options.system, any(_has_history(dataset, path) for paths in files.values() for path in paths))
    rendering = renderer(options.chat_template, options.format, shape) if options.chat_template else None

    sieve = Sieve(dataset, files) if options.format == "rl" else None

    def fill(folder: Path) -> ExportManifest:
        rows = {
            split: write_shards(
                _batches(dataset, split, paths, options, shape, rendering, sieve),
                folder / split,
                options.rows_per_file,
                _suffix(options),
            )
            for split, paths in sorted(files.items())
        }
        left_out = dict(sorted(sieve.left_out.items())) if sieve else {}
        _describe(folder, dataset, options, shape, rows, left_out)
        return _manifest(dataset, options, rows, left_out)

    name = f"{options.format}-{_mark(dataset, options, sieve)[:8]}"
    return write(exports(root, label(dataset)), name, fill)


def _mark(dataset: Found[Dataset], options: Options, sieve: Sieve | None) -> str:
    """The hash of everything that shapes an export."""
    rendered = [_template_mark(options.chat_template), version("transformers")] if options.chat_template else None
    verified = sieve.made_of if sieve else None
    return fingerprint(dataset.manifest, _recorded(options), rendered, verified, code_of(__name__), made_with())


def _recorded(options: Options) -> ExportOptions:
    """The options as the manifest records them: of the chat template its name, not its path."""
    return ExportOptions(
        format=options.format,
        rows_per_file=options.rows_per_file,
        chat_template=Path(options.chat_template).name if options.chat_template else None,
        system=options.system,
        only=options.only,
    )


def _template_mark(folder: str) -> object:
    names = ("chat_template.jinja", "tokenizer_config.json", "tokenizer.json")
    return [path.read_text(encoding="utf-8") for name in names if (path := Path(folder) / name).is_file()]


def _suffix(options: Options) -> str:
    return "parquet" if options.format == "parquet" else "jsonl"


def _has_history(dataset: Found[Dataset], path: str) -> bool:
    return "history" in scan(dataset.local(path)).collect_schema()


def _batches(
    dataset: Found[Dataset],
    split: str,
    paths: list[str],
    options: Options,
    shape: Shape,
    rendering: Render | None,
    sieve: Sieve | None,
) -> Iterator[pl.DataFrame]:
    form: Form = FORMS[options.format]
    columns = [*LINEAGE, *form.columns(shape)]
    for path in paths:
        rows = scan(dataset.local(path))
        if shape.history and "history" not in rows.collect_schema():
            rows = rows.with_columns(history=pl.lit([], dtype=pl.List(pl.List(pl.String))))
        wanted = rows if rendering or sieve else rows.select(columns)
        for batch in wanted.collect_batches(chunk_size=_BATCH, maintain_order=True, lazy=True):
            if sieve:
                yield sieve.keep(batch, split).select(columns)
            else:
                yield rendering(batch) if rendering else batch


def _describe(
    folder: Path,
    dataset: Found[Dataset],
    options: Options,
    shape: Shape,
    rows: dict[str, int],
    left_out: dict[str, int],
) -> None:
    """Write what the folder says of its data."""
    for name in (*_COPIED, *(path for path in sorted(dataset.manifest.files) if path.startswith(f"{FOLDER}/"))):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(dataset.local(name), folder / name)
    splits = [split for split, number in rows.items() if number]
    entry = FORMS[options.format].entry
    if entry is not None and not options.chat_template:
        info = {f"medinst_{split}": {"file_name": split, **entry(shape)} for split in splits}
        (folder / "dataset_info.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
    text = filled(
        __file__,
        "export.md.j2",
        front=as_yaml(_front(dataset, options, splits)),
        label=label(dataset),
        options=options,
        about=FORMS[options.format].about,
        rows=rows,
        left_out=left_out,
        split=splits[0] if splits and "train" not in splits else "train",
        original=dataset.manifest.original,
        info=(folder / "dataset_info.json").exists(),
    )
    write_texts(folder, {"README.md": text})


def _manifest(
    dataset: Found[Dataset], options: Options, rows: dict[str, int], left_out: dict[str, int]
) -> ExportManifest:
    manifest = dataset.manifest
    return ExportManifest(
        version=manifest.version,
        profile=manifest.profile,
        original=manifest.original,
        partial=manifest.partial,
        fingerprint=manifest.fingerprint,
        dataset=label(dataset),
        export=_recorded(options),
        rows=rows,
        left_out=left_out,
        samples=sum(rows.values()),
    )


def _front(dataset: Found[Dataset], options: Options, splits: list[str]) -> dict[str, Any]:
    """The block of YAML that the Hub and `datasets` read; the licence is that of the dataset's own card."""
    card = dataset.local("README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---\n")[1])
    licence = {name: front[name] for name in ("license", "license_name", "license_link") if name in front}
    files = [{"split": split, "path": f"{split}/*.{_suffix(options)}"} for split in splits]
    name = f"{front['pretty_name']} ({options.format})"
    return {"pretty_name": name, **licence, "configs": [{"config_name": "default", "data_files": files}]}
