"""Near duplicates by datatrove's MinHash: with words of a shingle, bands, hashes of each, and `spaces` or `spacy`.

The last says how words are told: where spaces are, or as it does by itself for English.
"""

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.utils.typeshelper import Languages
from datatrove.utils.word_tokenizers import WordTokenizer

from tests.benchmarks.scale.beside.driver import ROWS, WORK, called, read, write
from tests.benchmarks.scale.beside.findings import of_clusters
from tests.benchmarks.scale.marks import marked


class _Spaces(WordTokenizer):
    """Words between spaces, of one sentence."""

    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def main() -> None:
    """Run its stages up to the clusters, one task after the other."""
    folder, out, (*settings, told) = called()
    config = MinhashConfig(*map(int, settings))
    language = _Spaces() if told == "spaces" else Languages.english
    rows = JsonlReader(str((folder / ROWS).parent))
    signatures, pairs, clusters = (str(out / name) for name in ("signatures", "pairs", "clusters"))
    stages = (
        ([rows, MinhashDedupSignature(signatures, config, language)], 1),
        ([MinhashDedupBuckets(signatures, pairs, config=config)], config.num_buckets),
        ([MinhashDedupCluster(pairs, clusters, config, save_cluster_id=True)], 1),
    )
    with marked(WORK):
        for number, (pipeline, tasks) in enumerate(stages):
            LocalPipelineExecutor(pipeline, tasks, workers=1, logging_dir=str(out / "logs" / str(number))).run()
    ids = [row["id"] for row in read(folder / ROWS)]
    clustered = out / "clusters" / "000000.clusters"  # not written if there are none
    write(out, of_clusters(clustered.read_bytes() if clustered.exists() else b"", ids))


if __name__ == "__main__":
    main()
