"""A model of adapters, merged into the weights that they adapt, so that a training can begin with it."""

from pathlib import Path

from schemas.errors import FinetuneError
from tasks.model.adapters import ADAPTERS, named_by
from tasks.model.loading import loading
from tasks.model.quiet import quiet


def merge(adapters: Path, adapted: Path | None, folder: Path) -> None:
    """Write the merged model and its tokenizer into a folder.

    Args:
        adapters: their folder.
        adapted: folder of the model that they belong to; None if it is to be found by its name.
        folder: for the merged model.

    Raises:
        FinetuneError: the adapted model is not there, or does not fit.
    """
    import peft  # pyright: ignore[reportMissingImports]

    transformers = quiet()
    named = str(adapted or named_by(adapters))

    def failed(why: str) -> FinetuneError:
        return FinetuneError(f"{adapters}: these adapters cannot be merged into the model that {ADAPTERS} names: {why}")

    with loading(failed):
        model = transformers.AutoModelForCausalLM.from_pretrained(named, dtype="auto", local_files_only=True)
        whole = peft.PeftModel.from_pretrained(model, str(adapters), local_files_only=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(adapters), local_files_only=True)
    whole.merge_and_unload().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
