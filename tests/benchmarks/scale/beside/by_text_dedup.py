"""Near duplicates by text-dedup's MinHash: with the options of its command line."""

import pickle

from text_dedup.minhash import main as minhash

from tests.benchmarks.scale.beside.driver import ROWS, WORK, called, write
from tests.benchmarks.scale.marks import marked


def main() -> None:
    """Run its command, in this process."""
    folder, out, settings = called()
    given = {
        "path": "json",
        "data_files": folder / ROWS,
        "split": "train",
        "column": "text",
        "idx_column": "id",
        "cache_dir": out / "cache",
        "output": out / "output",
        "num_proc": 1,
    }
    options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    with marked(WORK):
        minhash([*options, "--debug", *settings], standalone_mode=False)
    with (out / "output" / "uf.pkl").open("rb") as file:
        found = pickle.load(file)
    write(out, ({"id": id_, "twin": found.find(id_)} for id_ in list(found.parent) if found.find(id_) != id_))


if __name__ == "__main__":
    main()
