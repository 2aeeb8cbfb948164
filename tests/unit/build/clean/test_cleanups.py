"""What each clean-up removes, what it leaves, and that nothing of the kind is left."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cleaning import CLEAN_UPS
from tasks.build.clean.cleanups import FINDERS
from tasks.build.clean.signs import SIGNS
from tasks.build.clean.text import cleaned

CASES = {
    "entities": {
        "p &lt; 0.05 &amp;amp;lt; 1": "p < 0.05 < 1",
        "12&nbsp;weeks, 15 &mgr;m, C&#8212;D": "12 weeks, 15 μm, C—D",
        "&#3&#56;; is an ampersand": "& is an ampersand",
        "&NA; R&D; A&B": "&NA; R&D; A&B",
        "&amp;NA;": "&NA;",
    },
    "tags": {
        '<td colspan="6"><hr></td>x': "   x",
        "one\n<td><hr></td>\n <tr>two\n</td>": "one\n  two",
        "<sc>l</sc>-carnitine": "l-carnitine",
        "from <VGPR to >VGPR, <or =5 and >5, mean: <xn>": "from <VGPR to >VGPR, <or =5 and >5, mean: <xn>",
    },
    "mojibake": {
        "12‚Äì28, Cohen‚Äôs Œ≤ and k√∂ln": "12–28, Cohen’s β and köln",
        "hb kÃ¶ln": "hb köln",
        "café, 12–28, 50 µm, “quoted”, β-catenin": "café, 12–28, 50 µm, “quoted”, β-catenin",
    },
    "escapes": {
        r"NF\u03baB at 12.5\u2009MB": "NFκB at 12.5 MB",
        r"a broken \ud83d and \u12, C:\users": r"a broken \ud83d and \u12, C:\users",
    },
    "invisible": {
        "a ser\xadvice can be de\xad ployed": "a service can be deployed",
        "(Fig. \u200b1)\x0c": "(Fig. 1)",
        "98\xad100%\tand\nmore": "98\xad100%\tand\nmore",
    },
    "pmid": {
        "12742193  Attenuation of": "Attenuation of",
        "1995 was a year, 12742193 an id": "1995 was a year, 12742193 an id",
    },
    "quotes": {
        'Age\n"': "Age",
        '"""Let us talk about it."""': "Let us talk about it.",
        'Which of these?"': "Which of these?",
        '"Quoted" at the start': '"Quoted" at the start',
        'He says "yes"': 'He says "yes"',
    },
    "copies": {
        "3 ± 3 vs. 6\nnew\n3 � 3 vs. 6": "3 ± 3 vs. 6\nnew",
        "baseline (?1.1%, P) there\nat baseline (−1.1%, P) there, then": "at baseline (−1.1%, P) there, then",
        "a �\nb �\nc": "a �\nb �\nc",
        "x � y\nx � y\nx ± y": "x ± y",
        "±\n−": "±\n−",
    },
    "glued": {
        "malignant glioma.STUDY DESIGN/ CD rats": "malignant glioma.\nSTUDY DESIGN/ CD rats",
        "was measured.RESULTSFPG decreased. AIM: To": "was measured.\nRESULTS FPG decreased. AIM: To",
        "BackgroundIn order to": "Background\nIn order to",
        "to confirm this.Aminoglycosides are": "to confirm this. Aminoglycosides are",
        "METHODOLOGY/PRINCIPAL FINDINGS: AIMP1, J.Biol.Chem.278, Acad.Sci.USA, www.LOVD.nl/eye": (
            "METHODOLOGY/PRINCIPAL FINDINGS: AIMP1, J.Biol.Chem.278, Acad.Sci.USA, www.LOVD.nl/eye"
        ),
    },
    "lines": {
        "degradation of protein \ninto amino acids": "degradation of protein into amino acids",
        "a sit-\n ting in Ran-\ndom, CD4-\nT": "a sit-ting in Ran-dom, CD4-\nT",
        "isolated by\n Brennan, and\n(see 2)": "isolated by Brennan, and (see 2)",
        "Title\nThe text.\nmore:\na\n\nend": "Title\nThe text.\nmore:\na\n\nend",
    },
    "punctuation": {
        "Geref   . In (a) , b ;": "Geref. In (a), b;",
        "to be . . . or .05 and 3 : 2": "to be . . . or .05 and 3 : 2",
    },
    "spaces": {
        "2015.   \n DESIGN  An  aim ": "2015.\nDESIGN An aim ",
        "one\n\ntwo \nthree": "one\n\ntwo \nthree",
    },
}


@pytest.mark.parametrize(
    ("clean_up", "dirty", "clean"),
    [(clean_up, *case) for clean_up, cases in CASES.items() for case in cases.items()],
)
def test_what_a_clean_up_does(clean_up, dirty, clean):
    text, done = cleaned(dirty, (clean_up,))
    assert text == clean
    assert bool(done) == (dirty != clean)


def test_every_clean_up_is_described_and_tested():
    assert list(FINDERS) == list(CLEAN_UPS) == list(CASES)


PIECES = st.sampled_from(
    [piece for cases in CASES.values() for case in cases.items() for piece in case]
    + ["&", "#", ";", "amp", "<", ">", '"', "\n", " ", ".", "�", "\xad", "Results", "‚Äì", r"\u"]
)


@pytest.mark.parametrize("clean_up", FINDERS)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=6).map("".join)))
def test_edits_come_in_order_and_none_is_left(clean_up, text):
    edits = list(FINDERS[clean_up](text))
    assert all(0 <= edit.start <= edit.end <= len(text) for edit in edits)
    assert all(one.end <= other.start for one, other in pairwise(edits))
    clean, done = cleaned(text, (clean_up,))
    assert cleaned(clean, (clean_up,)) == (clean, [])
    assert (clean != text) == bool(done)


@pytest.mark.parametrize("clean_up", FINDERS)
@given(st.lists(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=6).map("".join)), min_size=1, max_size=5))
def test_a_text_without_its_sign_has_nothing_to_clean(clean_up, texts):
    held = pl.Series(texts).str.contains(SIGNS[clean_up])
    assert [text for text, sign in zip(texts, held, strict=True) if not sign and list(FINDERS[clean_up](text))] == []


def test_what_was_done_is_told():
    _, (entities, spaces) = cleaned("before the text p &lt; 0.05, a &gt;  b", ("spaces", "entities"))
    assert entities == ("entities", 2, "before the text p &lt; 0.05, a &gt;  b", "before the text p < 0.05, a &gt;  b")
    assert spaces == ("spaces", 1, "e text p < 0.05, a >  b", "e text p < 0.05, a > b")
