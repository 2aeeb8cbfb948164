"""Citations in plain words, and the entries that are passed on as they are."""

import bibtexparser
import pytest

import sources
from sources import registry
from tasks.base.licences.bibliography import PAPER, Bibliography


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M{\"{u}}ller", "Müller"),
        (r"Garc{\'\i}a", "García"),
        (r"{\v{S}}{\v s}", "Šš"),
        (r"{\c C}a{\u{g}}", "Çağ"),
        (r"Stra{\ss}e, {\L}{\'o}d{\'z}", "Straße, Łódź"),
        (r"So{\u{g}}anc{\i}o{\u{g}}lu", "Soğancıoğlu"),
        (r"\'e \c{c} \ae{} {\AA} \o{} \~{n} \H{o}", "é ç æ Å ø ñ ő"),
        (r"a--b---c, {The {Big}  Cell} \& 5\%", "a–b—c, The Big Cell & 5%"),
        (r"\textit{in  vivo} and $n$~=~1--2", "in vivo and n = 1–2"),
    ],
)
def test_citations_are_plain_text(written, printed):
    bibliography = Bibliography("x", {"key": f"@misc{{key, title = {{{written}}}, year = 2020}}"})
    assert bibliography.words("key") == f"(2020). {printed}"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"Garc{\'\i}a M{\'a}rquez, Jos{\'e}", "José García Márquez"),
        (r"{\v{C}}ech, \v{Z}eljko and van~der Berg, Jan", "Željko Čech, Jan van der Berg"),
        (r"Stra{\ss}e, K. and others", "K. Straße, et al."),
        (r"{The Big and Small Consortium} and Li, Wei", "The Big and Small Consortium, Wei Li"),
        (r"Wei Li and King, Jr., Martin", "Wei Li, Martin King Jr."),
    ],
)
def test_authors_are_named_as_they_write_themselves(written, printed):
    bibliography = Bibliography("x", {"key": f"@misc{{key, author = {{{written}}}, url = {{https://x.org/~a_b%20c}}}}"})
    assert bibliography.words("key") == f"{printed} (no year). https://x.org/~a_b%20c"


def test_every_committed_entry_is_printed_without_latex_and_copied_to_the_byte():
    bibliography = Bibliography.read()
    text = (sources.FOLDER / "references.bib").read_text(encoding="utf-8")
    for key, entry in bibliography.entries.items():
        assert text.count(entry) == 1, key
        words = bibliography.words(key)
        assert not set("\\{}$~") & set(words), words
    parsed = bibtexparser.parse_string(bibliography.subset(registry().values()))
    assert not parsed.failed_blocks
    assert {entry.key for entry in parsed.entries} == {PAPER, *(source.citation for source in registry().values())}
