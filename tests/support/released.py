"""What a release of invented sources is made of."""

from hashlib import sha256
from pathlib import Path

import polars as pl

from schemas.audit import Audit
from schemas.licence import Licence
from schemas.profile import ReleaseProfile
from schemas.receipts import Blob
from schemas.release import Lost, ParityRow, ReleaseContent, ReleaseSplit, ReleaseTask
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Part
from schemas.task import Ner
from tasks.base.store.root import Root
from tasks.build.audit import UNCLEAN
from tasks.build.deduplicate.published import write_decisions
from tests.support.declared import source

VERSION = "2026.11.0-open-0123456789ab"


BIB = r"""
A comment @ the top.

@inproceedings{han2024medinst,
  author = {Han, Wenhan and Fang, Meng},
  title = {{MedINST}: Meta Dataset of Biomedical Instructions},
  year = {2024},
}

@article{made2020alpha,
  author = "M{\"u}ller, J{\o}rn and others",
  title = {An {Alpha} \& a beta, 50\% \{sic\}},
  journal = {Journal of Examples}, year = 2020, doi = {10.1000/alpha}
}

@misc{made2021beta, author = {Beta Group}, title = {Beta}, year = {2021}, url = {https://example.org/beta}}
"""


DECLARED = {
    name: source(
        id=name,
        title=f"The {name} corpus",
        licence=licence,
        citation=citation,
        files={"a.tsv": f"https://example.org/{name}/a.tsv"},
        parts={"main": Part(train="a.tsv")},
        tasks=(Ner(name="BETA-1.x" if name == "beta" else name.upper(), types={"X": "thing"}, **said),),
    )
    for name, licence, citation, said in (
        ("alpha", Licence.CC_BY_4_0, "made2020alpha", {"answerable": "no", "because": "Nobody knows the numbers."}),
        ("beta", Licence.CC_BY_NC_SA_3_0, "made2021beta", {}),
        ("gamma", Licence.UNKNOWN, "made2021beta", {"answerable": "partly", "because": "Pages are missing."}),
    )
}


def samples(root: Root, task: str, name: str, rows: int, split: str, dropped: tuple[int, ...] = ()) -> ReleaseSplit:
    folder = Path(root.uri("samples", task))
    folder.mkdir(parents=True, exist_ok=True)
    ids = [sha256(f"{task} {split} {row}".encode()).hexdigest()[:32] for row in range(rows)]
    table = {column: [f"{column} {row} – ä|\n" for row in range(rows)] for column in SAMPLE_COLUMNS}
    table |= {"id": ids, "task": [task] * rows, "source": [name] * rows, "key": ids}
    pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)).write_parquet(folder / f"{split}.parquet")
    lost = {"split": [split] * len(dropped) + ["other"], "id": [ids[row] for row in dropped] + ids[:1]}
    columns = {"twin": pl.lit(""), "reason": pl.lit("duplicate")}
    decisions = f"samples/{task}/decisions-{split}"
    write_decisions(decisions, root, dropped=pl.DataFrame(lost, strict=False).with_columns(**columns))
    return ReleaseSplit(
        samples=(f"samples/{task}/{split}.parquet",),
        decisions=decisions,
        rows=rows - len(dropped),
    )


def content_of(root: Root, **changes) -> ReleaseContent:
    alpha = {
        "train": samples(root, "ALPHA", "alpha", 50, "train", dropped=(3, 7)),
        "dev": samples(root, "ALPHA", "alpha", 4, "dev"),
        "test": samples(root, "ALPHA", "alpha", 6, "test"),
    }
    beta = {
        "test": samples(root, "BETA-1.x", "beta", 5, "test"),
        "train": samples(root, "BETA-1.x", "beta", 1, "train", (0,)),
    }
    common = {"category": "NER", "instruction": "Find.", "wordings": {"standard": "Find.", "short": "Find it."}}
    values = {
        "version": VERSION,
        "fingerprint": "0123456789ab" * 4,
        "profile": "open",
        "original": True,
        "partial": True,
        "tasks": (
            ReleaseTask(name="ALPHA", source="alpha", language="en", licence="cc-by-4.0", splits=alpha, **common),
            ReleaseTask(
                name="BETA-1.x",
                source="beta",
                language="en-es",
                licence="cc-by-nc-sa-3.0",
                splits=beta,
                **common,
            ),
        ),
        "withheld": {"GAMMA": "an agreement\nmust be signed"},
        "undeclared": ("OMEGA",),
        "files": {
            name: (
                Blob(
                    name="a.tsv",
                    url=place.format(name),
                    sha256="f" * 64,
                    bytes=9,
                    place="blobs/" + "f" * 64,
                ),
            )
            for name, place in (
                ("alpha", "https://example.org/{}/a.tsv"),
                ("beta", f"{root.url}/mirror/{{}}/a.tsv"),
            )
        },
        "records": (),
        "samples": (),
        "summary": ReleaseProfile(
            profile="open",
            chosen=3,
            built=2,
            withheld=1,
            unaccounted=0,
            unaccounted_tasks=(),
            samples=63,
            duplicate_ids=0,
            refused_licences=0,
            uncited=0,
        ),
        "verdicts": (),
        "lost": (
            Lost(
                stage="deduplicate",
                source="alpha",
                part="",
                task="ALPHA",
                split="train",
                reason="duplicate",
                rows=2,
            ),
        ),
        "parity": (
            ParityRow(task="ALPHA", category="NER", paper=(50, 4, 6), ours=(50, 4, 6), status="equal", reason=""),
        ),
    }
    return ReleaseContent(**(values | changes))


def audited(root: Root, unclean: dict[str, int], **changes) -> ReleaseContent:
    """A release of which some training samples leak."""
    content = content_of(root, **changes)
    ids = pl.read_parquet(root.local(content.tasks[0].splits["train"].samples[0]))["id"].to_list()
    kept = [each for row, each in enumerate(ids) if row not in (3, 7)]
    leaking = pl.DataFrame({"task": ["ALPHA"] * 5, "id": kept[:5]})
    Path(root.uri("audit")).mkdir(parents=True, exist_ok=True)
    leaking.write_parquet(f"{root.uri('audit')}/{UNCLEAN}")
    return content.model_copy(update={"audit": Audit(fingerprint="a", place="audit", unclean=unclean)})


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
