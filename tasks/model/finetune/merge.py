"""A model of adapters, merged into the weights that they adapt, so that a training can begin with it."""

from pathlib import Path

from schemas.errors import FinetuneError
from tasks.model.quiet import quiet

ADAPTERS = "adapter_config.json"
"""The file by which a folder of adapters is known."""


def merge(adapters: Path, folder: Path) -> None:
    """Write the merged model and its tokenizer into a folder.

    Raises:
        FinetuneError: the adapted model is not there, or does not fit.
    """
    import peft  # pyright: ignore[reportMissingImports]

    transformers = quiet()
    try:
        adapted = peft.AutoPeftModelForCausalLM.from_pretrained(str(adapters), dtype="auto", local_files_only=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(adapters), local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise FinetuneError(
            f"{adapters}: these adapters cannot be merged into the model that {ADAPTERS} names: "
            f"{' '.join(str(error).split())}"
        ) from error
    adapted.merge_and_unload().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
