"""transformers, without what it says to the authors of other libraries."""

import warnings
from typing import Any


def quiet() -> Any:
    """Import transformers; its progress bars, and its warnings about calls of trl and peft, stay out of our output."""
    import transformers  # pyright: ignore[reportMissingImports]

    transformers.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", r"`\w+` is deprecated and will be removed in v6", FutureWarning)
    return transformers
