"""Rendering through a chat template: the one of a tokenizer, applied by transformers itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from schemas.errors import ExportError
from tasks.model.export.forms import LINEAGE, Shape, messages

RENDERED = ("messages", "prompt-completion", "parquet")
"""Forms that can be rendered; the others are by their trainers."""

Render = Callable[[pl.DataFrame], pl.DataFrame]


def renderer(folder: str, form: str, shape: Shape) -> Render:
    """What turns samples into rendered rows.

    Args:
        folder: of a tokenizer with a chat template.
        form: the form asked for.
        shape: of the rows.

    Returns:
        a function of samples. Its rows have `prompt` and `completion` for that form, else `text`.

    Raises:
        ExportError: the form is not rendered here, or there is no template.
    """
    if form not in RENDERED:
        raise ExportError(
            f"--chat-template renders {', '.join(RENDERED)}; what reads `{form}` applies the template itself."
        )
    template = _template(folder)

    def render(samples: pl.DataFrame) -> pl.DataFrame:
        asked = samples.select(messages(shape, answer=False)).to_series().to_list()
        prompts = [template(turns, add_generation_prompt=True) for turns in asked]
        whole = [
            template([*turns, {"role": "assistant", "content": answer}])
            for turns, answer in zip(asked, samples["output"], strict=True)
        ]
        if form != "prompt-completion":
            kept = samples if form == "parquet" else samples.select(LINEAGE)
            return kept.with_columns(text=pl.Series(whole, dtype=pl.String))
        completions = [_rest(text, prompt, folder) for text, prompt in zip(whole, prompts, strict=True)]
        made = {"prompt": pl.Series(prompts, dtype=pl.String), "completion": pl.Series(completions, dtype=pl.String)}
        return samples.select(LINEAGE).with_columns(**made)

    return render


def _rest(text: str, prompt: str, folder: str) -> str:
    if not text.startswith(prompt):
        raise ExportError(
            f"{folder}: with an answer, its chat template changes what stands before it, so prompt and completion "
            "cannot be told apart. Use --format messages"
        )
    return text[len(prompt) :]


def _template(folder: str) -> Callable[..., str]:
    if not Path(folder).is_dir():
        raise ExportError(
            f"--chat-template {folder} is not a folder with a tokenizer. Nothing is downloaded: name a folder."
        )
    try:
        import transformers  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise ExportError("--chat-template needs the extra `models`: pip install -e .[models]") from error
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise ExportError(f"--chat-template {folder}: transformers finds no tokenizer there: {error}") from error
    if not tokenizer.chat_template:
        raise ExportError(f"--chat-template {folder}: its tokenizer has no chat template. Name that of a chat model.")

    def apply(turns: list[dict[str, str]], **options: Any) -> str:
        try:
            return tokenizer.apply_chat_template(turns, tokenize=False, **options)
        except Exception as error:  # whatever a template raises, such as on a system prompt
            raise ExportError(f"--chat-template {folder}: its template refuses a conversation: {error}") from error

    return apply
