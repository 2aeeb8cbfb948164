"""Invented contents of a release for the tests of the report: as many tasks of Table 11 as wanted."""

from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.receipts import Blob, Verdict
from schemas.release import Lost, ParityRow, ReleaseContent, ReleaseSplit, ReleaseTask
from schemas.task import SPLITS
from tests.support.report_sources import chance, source_id, table

LABELS = {
    "NER": ("gene", "disease", "chemical", "species", "cell line", "anatomical system of the body"),
    "RE": ("interaction", "binds to", "none"),
    "EE": ("Phosphorylation", "Gene_expression", "Positive_regulation"),
    "TE": ("entailment", "neutral", "contradiction"),
    "STS": tuple("012345"),
    "TXTCLASS": ("treatment", "diagnosis", "prevention", "mechanism"),
    "TEXTPAIRCLASS": ("yes", "no"),
}
EXPECTED = {
    "unparsable": ("critical", "the answer grammar reads every output"),
    "missing": ("warning", "all expected samples are there"),
    "empty_inputs": ("info", "no input is empty"),
}
WITHHELD = "registration needed; put the file into a mirror"


def samples(name, category, rows, labels=None):
    """Profiles of the splits of one task that have rows."""
    for split, kept in zip(SPLITS, rows, strict=True):
        if not kept:
            continue
        median = 60 + chance(name, split, up_to=1800)
        words = LABELS.get(category, ()) if labels is None else labels
        yield SampleProfile(
            task=name, category=category, source=source_id(name), split=split, licence="mit", records=kept,
            lost_records=0, candidates=kept, refused=0, lost_candidates=0,
            rendered=kept, rejected=0, kept=kept, unbalanced=0, expected=kept, missing=0.0, surplus=0,
            empty_inputs=0, empty_outputs=0, missing_licences=0, unparsable=0, undeclared_labels=0,
            unlisted_labels=0, duplicate_ids=0,
            input_chars_min=1 + median // 9, input_chars_median=median, input_chars_p95=median * 2.5,
            input_chars_max=median * 11,
            output_chars_min=0, output_chars_median=median / 8, output_chars_p95=median / 2,
            output_chars_max=median * 2,
            labels={word: 1 + chance(name, split, word, up_to=kept) for word in words},
        )  # fmt: skip


def verdicts(names):
    """Mostly met expectations; a few tasks have a warning, one has a note, and none is critical."""
    for number, name in enumerate(names):
        unmet = {"missing"} if number % 9 == 4 else {"empty_inputs"} if number == 1 else set()
        for measure, (severity, expectation) in EXPECTED.items():
            more = {
                "found": "12 samples of 480 are not there",
                "examples": (f"{number:032x}", f"{number + 1:032x}"),
                "command": f"medinst show {name}",
            }
            yield Verdict(
                suite="samples", subject=f"{name} train", task=name, source=source_id(name), measure=measure,
                severity=severity, success=measure not in unmet, expectation=expectation,
                **(more if measure in unmet else {"found": "0"}),
            )  # fmt: skip


def lost(names):
    """Rejects of several stages and reasons."""
    for name in names:
        for stage, reason, share in (
            ("deduplicate", "duplicate of another sample", 900),
            ("deduplicate", "test text of another task", 120),
            ("render", "no entity in the document", 60),
            ("read", "text at the span is not the mention", 9),
        ):
            for split in SPLITS[: 1 + chance(name, stage, up_to=3)]:
                rows = chance(name, reason, split, up_to=share)
                yield Lost(
                    stage=stage, source=source_id(name), part="main" if stage == "read" else "",
                    task="" if stage == "read" else name, split=split, reason=reason, rows=rows,
                )  # fmt: skip


def parity_row(task, category, paper, built):
    """Mostly equal, some explained, a few not."""
    kind = chance(task, "parity", up_to=8)
    train, dev, test = paper
    ours, status, reason = paper, "equal", ""
    if not built:
        ours, status, reason = None, *(("withheld", WITHHELD) if kind % 2 else ("not built", ""))
    elif kind == 0 and dev != test:
        ours, status, reason = (train, test, dev), "explained", "dev and test are swapped in the table"
    elif kind == 1:
        ours, status = (train + 3, dev, test), "unexplained"
    return ParityRow(task=task, category=category, paper=paper, ours=ours, status=status, reason=reason)


def release_task(name, category, rows):
    splits = zip(SPLITS, rows, strict=True)
    return ReleaseTask(
        name=name, category=category, source=source_id(name), language="en", licence="mit",
        instruction=f"An invented instruction of {name}.",
        splits={split: ReleaseSplit(samples=("s",), decisions="d", rows=kept) for split, kept in splits if kept},
    )  # fmt: skip


def content(count=163, *, original=True, **changes):
    """A release of so many tasks, evenly taken from Table 11; `changes` replace fields."""
    rows = table()
    every = list(rows)
    names = sorted(every[place * len(every) // count] for place in range(count))
    missing = [name for name in every if name not in names]
    used = sorted({source_id(name) for name in names})
    state = {
        "version": "2026.11.0-local-0123456789ab",
        "fingerprint": "0123456789abcdef0123456789abcdef",
        "profile": "local",
        "original": original,
        "partial": count < len(every),
        "tasks": tuple(release_task(name, *rows[name]) for name in names),
        "withheld": dict.fromkeys(missing[::2], WITHHELD),
        "undeclared": tuple(missing[1::2]),
        "files": {source: (blob(source, original),) for source in used},
        "records": tuple(record(source) for source in used),
        "samples": tuple(row for name in names for row in samples(name, *rows[name])),
        "summary": ReleaseProfile(
            profile="local", chosen=count, built=count, withheld=0, unaccounted=0, unaccounted_tasks=(),
            samples=sum(sum(rows[name][1]) for name in names), duplicate_ids=0, refused_licences=0, uncited=0,
        ),
        "verdicts": tuple(verdicts(names)),
        "lost": tuple(lost(names)),
        "parity": tuple(parity_row(name, *rows[name], name in names) for name in every),
    }  # fmt: skip
    return ReleaseContent(**(state | changes))


def blob(source, original):
    trust = ("locked", "first-use")[chance(source, "trust", up_to=2)] if original else "mirror"
    return Blob(
        name="data.zip", url="https://example.org/data.zip", sha256="0" * 64, place="blobs/0", trust=trust,
        original=original, bytes=10_000 + chance(source, "bytes", up_to=9_000_000),
    )  # fmt: skip


def record(source):
    read = 500 + chance(source, "read", up_to=9000)
    return RecordProfile(
        source=source, part="main", split="train", read=read, kept=read - 3, rejected=3, mismatches=3,
        lost_share=3 / read,
    )  # fmt: skip
