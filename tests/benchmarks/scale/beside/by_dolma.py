"""Training texts that share words with tests, by dolma's Bloom filter: with words of a sequence, and its options."""

import gzip
import shutil
from pathlib import Path

from dolma.cli.main import main as dolma

from tests.benchmarks.scale.beside.driver import TEST, TRAIN, WORK, called, write
from tests.benchmarks.scale.beside.findings import of_attributes
from tests.benchmarks.scale.marks import marked

NAME = "shared"


def main() -> None:
    """Fill the filter with the tests, then hold the training texts against it."""
    folder, out, (words, *settings) = called()
    files = [_documents(folder / name, out) for name in (TEST, TRAIN)]
    options = ["--bloom_filter.file", str(out / "filter.bin"), "--processes", "1", *settings]
    with marked(WORK):
        for file, read_only in zip(files, ("--no-bloom_filter.read_only", "--bloom_filter.read_only"), strict=True):
            given = ["--documents", str(file), "--dedupe.name", NAME, "--dedupe.paragraphs.attribute_name", NAME]
            given += ["--dedupe.paragraphs.by_ngram.ngram_length", words, read_only]
            dolma(["dedupe", *given, *options])
    write(out, of_attributes(out / "train" / "attributes" / NAME / f"{Path(TRAIN).name}.gz"))


def _documents(path: Path, out: Path) -> Path:
    """The file as dolma wants it: compressed, in a folder of that name."""
    documents = out / path.stem / "documents" / f"{path.name}.gz"
    documents.parent.mkdir(parents=True)
    with path.open("rb") as file, gzip.open(documents, "wb", 1) as packed:
        shutil.copyfileobj(file, packed)
    return documents


if __name__ == "__main__":
    main()
