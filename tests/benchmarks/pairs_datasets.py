"""The pairs through Hugging Face datasets, used well: batched map, filter by hash, Parquet; with the folder."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import datasets

from tests.benchmarks.measure import Meter, answer


def work(meter: Meter, arguments: list[str]) -> None:
    """Load, format, filter, write."""
    folder = Path(arguments[0])
    with tempfile.TemporaryDirectory(prefix="medinst-bench-", dir=folder) as cache, meter.measured("data path"):
        texts = [
            datasets.load_dataset("text", data_files=str(folder / name), split="train", cache_dir=cache)
            for name in ("text.es", "text.en")
        ]
        pairs = datasets.concatenate_datasets(
            [texts[0].rename_column("text", "input"), texts[1].rename_column("text", "output")], axis=1
        )
        rows = pairs.map(_format, batched=True).filter(_Unseen(), batched=True)
        rows.to_parquet(str(Path(cache) / "pairs.parquet"))


def _format(batch: dict[str, Any]) -> dict[str, Any]:
    keys = [
        hashlib.md5(f"{one.lower()}\x1f{other.lower()}".encode(), usedforsecurity=False).hexdigest()
        for one, other in zip(batch["input"], batch["output"], strict=True)
    ]
    return {"instruction": ["Translate the text into English."] * len(keys), "key": keys}


class _Unseen:
    """True for the first row of each key."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, batch: dict[str, Any]) -> list[bool]:
        found = []
        for key in batch["key"]:
            found.append(key not in self.seen)
            self.seen.add(key)
        return found


if __name__ == "__main__":
    datasets.disable_progress_bars()
    answer(work)
