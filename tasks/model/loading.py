"""Loading a model with transformers: whatever is wrong with its files is one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from schemas.errors import MedinstError


@contextmanager
def loading(failed: Callable[[str], MedinstError]) -> Iterator[None]:
    """Raise what a sentence is made into, where the files in the block cannot be loaded."""
    from safetensors import SafetensorError  # pyright: ignore[reportMissingImports]

    try:
        yield
    except (OSError, ValueError, ImportError, RuntimeError, KeyError, SafetensorError) as error:
        raise failed(f"the model cannot be loaded: {' '.join(str(error).split())}") from error
