"""MedINST for other people's harnesses and trainers: the answer grammar and the metrics, without the pipeline.

It is the wheel `medinst-eval` and imports nothing else of this project.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_MODULES = {
    "judge": "rewards",
    "reward": "rewards",
    "reward_function": "rewards",
    "MedinstTaskset": "verifiers_taskset",
}
__all__ = list(_MODULES)  # pyright: ignore[reportUnsupportedDunderAll]  verifiers looks for its taskset here


def __getattr__(name: str) -> Any:
    """What stands above is imported when it is asked for: the grammar needs no numpy, and nothing verifiers."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
