"""Evidence Inference 2.0: did a treatment raise or lower an outcome in a trial, compared with another treatment?"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from schemas.formats import JoinedTables
from schemas.licence import Licence
from schemas.records import Reject
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Qa, Split

HOME = "https://github.com/jayded/evidence-inference"
PROMPTS: dict[Split, int] = {"train": 10326, "dev": 1258, "test": 1252}
FLAGGED = """
346 911 912 1261 1262 3044 3111 3248 3514 3620 4308 4324 4325 4490 4491 4492 4715 4807 4824 4948 5000 5001 5002 5037
5046 5047 5639 5710 5752 5775 5776 5777 5778 5779 5780 5781 5782 5841 5843 5861 5862 5863 5964 5965 5966 5975 6034
6065 6066 6666 6667 6668 6669 7040 7042 7811 7812 7813 7814 7815 7944 8118 8197 8198 8199 8200 8201 8536 8590 8593
8605 8606 8631 8635 8639 8640 8745 8747 8749 8767 8773 8870 8875 8876 8877 8878 8884 8885 8886 8917 8921 9295 9297
9429 9430 9431 9432 9862 10032 10035 10885 10886 10887 10888 10889 10890
"""
"""Prompts that the README of the annotations calls incorrect, questionable or malformed."""

ANSWERS = ("significantly increased", "no significant difference", "significantly decreased")
SPELT = {"significantly increase": ANSWERS[0], **dict(zip(ANSWERS, ANSWERS, strict=True))}
"""Label in the file -> answer; the second version of the corpus spells one of them in two ways."""


def item(row: dict[str, str], tables: Any) -> Iterator[dict[str, Any] | Reject]:
    """The answer of most accepted annotations, with the passages of the article that they cite."""
    if any("\n" in cell for cell in row.values()):
        raise ValueError("a cell has run into other rows")
    id_, found = row["PromptID"], tables["annotations"].get(row["PromptID"], [])
    accepted = (each for each in found if each["Valid Label"] == "True" and each["Label"] in SPELT)
    cited = [(SPELT[each["Label"]], text) for each in accepted if (text := " ".join(each["Annotations"].split()))]
    ranked = Counter(answer for answer, _ in cited).most_common(2)
    if id_ in FLAGGED.split():
        yield Reject(id_, "flagged by the authors", "their README calls it incorrect, questionable or malformed")
    elif not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        labels = [(each["Label"], each["Valid Label"]) for each in found]
        yield Reject(id_, "no agreed answer" if found else "no annotation", f"labels, and whether accepted: {labels}")
    else:
        yield record(row, ranked[0][0], dict.fromkeys(text for answer, text in cited if answer == ranked[0][0]))


def record(row: dict[str, str], answer: str, passages: Collection[str]) -> dict[str, Any]:
    """A question; a passage within another adds nothing."""
    outcome, intervention, comparator = (row[name].strip() for name in ("Outcome", "Intervention", "Comparator"))
    return {
        "id": row["PromptID"],
        "origin": f"PMC{row['PMCID']}",
        "text": f"What was the effect of {intervention}, compared with {comparator}, on this outcome: {outcome}?",
        "context": "\n".join(each for each in passages if not any(each in other != each for other in passages)),
        "answers": answer,
    }


def files(split: str) -> dict[str, str]:
    """The two tables, which are of all splits, and the list of a split's articles."""
    tables = {role: f"v2.0.tar.gz!{role}_merged.csv" for role in ("prompts", "annotations")}
    return {**tables, "articles": f"v2.0.tar.gz!splits/{split}_article_ids.txt"}


SOURCE = Source(
    id="evidence_inference",
    title="Evidence Inference 2.0",
    about="Questions on the outcomes of clinical trials, answered by doctors with passages of the articles.",
    homepage=HOME,
    citation="deyoung2020evidence",
    licence=Licence.MIT,
    evidence=Evidence(
        url=HOME + "/blob/master/LICENSE",
        words="LICENSE (MIT) of a repository that presents itself as data and code and holds the annotations.",
        about=("annotations",),
        enclosed=("mit-evidence-inference.txt",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://github.com/jayded/evidence-inference",
            words="README: the documents are articles of PubMed Central, of which passages are shown; their own"
            " licences are not listed.",
            about=("texts",),
        ),
    ),
    files={"v2.0.tar.gz": "http://evidence-inference.ebm-nlp.com/v2.0.tar.gz"},
    format=JoinedTables(record="Question", index={"annotations": "PromptID"}, within={"articles": "PMCID"}, adapt=item),
    documents={r"PMC(\d+)": "pmcid"},
    clean=("entities", "tags", "copies", "glued", "punctuation", "spaces"),
    dirt="Question marks and U+FFFD stand for lost characters where the record has no better copy of a passage.",
    parts={"main": Part(train=files("train"), dev=files("validation"), test=files("test"), documented=PROMPTS)},
    tasks=(Qa(name="Evidence-Inference-2.0", choices=ANSWERS),),
    partial=frozenset({"94226098ae93cd3b6739ace9938fe35a62d3edaf2574a3641e079a969afe834d"}),
)
