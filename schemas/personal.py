"""Direct identifiers of persons that their form gives away, as they are looked for in the samples.

The list follows the Safe Harbor method of the US privacy rule, 45 CFR 164.514(b)(2)(i), whose paragraphs (A) to (R)
name what a de-identified record may not hold. docs/trust.md says which of them no form gives away, names above all.
"""

from typing import NamedTuple


class Identifier(NamedTuple):
    """One kind of identifier.

    Attributes:
        measure: its field in `SampleProfile`, the number of samples that hold one.
        what: its name for people, in the plural.
        paragraphs: of 45 CFR 164.514(b)(2)(i).
        pattern: a regular expression for candidates, in the syntax of Rust: it finds too much and is fast on gigabytes.
            It also matches the words that must stand before the identifier, where such words are asked for.
    """

    measure: str
    what: str
    paragraphs: str
    pattern: str


_WORD = r"(?-u:\b)"
_IS = "(?: ?[:=#(]| is| was){0,2} ?"

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = f"(?:{MONTHS})[a-z]{{0,6}}"
_DAY = "[0-9]{1,2}(?: ?(?:st|nd|rd|th))?"
_DATE = (
    f"(?:[0-9]{{1,4}} ?[-/.] ?(?:[0-9]{{1,2}}|{_MONTH}) ?[-/.] ?[0-9]{{2,4}}"
    f"|{_DAY}(?: of)? {_MONTH} ?[.,]{{0,2}} ?[0-9]{{4}}"
    rf"|{_MONTH}\.? {_DAY} ?,? [0-9]{{4}})"
)
_WEEKDAY = "(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day ?,? )?"

EMAILS = Identifier(
    measure="personal_emails",
    what="e-mail addresses",
    paragraphs="F",
    # Also as tokenised corpora have them: `name @ place . org`.
    pattern=(
        r"[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+\.[A-Za-z]{2,}"
        r"|[0-9A-Za-z._%+-]+ @ [0-9A-Za-z-]+(?: \. [0-9A-Za-z-]+)* \. [a-z]{2,}"
    ),
)
_ABROAD = r"(?:^|[^0-9A-Za-z_\])}.,+])\(? ?\+ ?[1-9][0-9 ().-]{6,20}[0-9]"
_AREA = r"(?:\( ?[2-9][0-9]{2} ?\) ?|[2-9][0-9]{2}[-.])"
_AMERICAN = rf"(?:^|[^0-9A-Za-z.-])(?:1 ?[-. ] ?)?{_AREA}[2-9][0-9]{{2}} ?[-.] ?[0-9]{{4}}"
_CALLED = (
    rf"(?i:{_WORD}(?:phone|telephone|fax|tel|mobile|call|text|dial)"
    r"(?: ?(?:number|no|nr|is|at|us|me|on|[:.#])){0,4} ?[(+ ]{0,5}[0-9][0-9 ()./-]{5,20}[0-9])"
)
PHONES = Identifier(
    measure="personal_phones",
    what="telephone or fax numbers",
    paragraphs="D, E",
    # Written internationally, as in North America, or in any way after a word such as `phone`.
    pattern=f"{_ABROAD}|{_AMERICAN}|{_CALLED}",
)
URLS = Identifier(
    measure="personal_urls",
    what="web addresses with the name of a user",
    paragraphs="N",
    pattern=(
        r"(?i)(?:https?|ftp)://[^\s/@]+@[^\s]+"
        r"|(?:://|www\.)[^\s]+/(?:~|@|users?/|profiles?/|members?/)[^\s]+"
        r"|(?:facebook|twitter|instagram|tiktok|github|gitlab|pinterest)\.com/[^\s]+"
        r"|(?:linkedin\.com/in|reddit\.com/u(?:ser)?|youtube\.com/(?:user|channel|c)|researchgate\.net/profile)/[^\s]+"
    ),
)
_KEPT_BY = "medical|health|hospital|patient|chart|clinic|NHS|medicare|medicaid|insurance|policy|member|beneficiary"
_NUMBER = rf"(?:(?:number|no|nr|id|identifier){_WORD}\.?|#)"
RECORDS = Identifier(
    measure="personal_records",
    what="medical record or health plan numbers",
    paragraphs="H, I",
    pattern=(
        rf"(?i){_WORD}(?:MRN{_WORD}|(?:{_KEPT_BY})(?:'s)? ?(?:record|file|card|policy|plan)? ?{_NUMBER}){_IS}"
        r"(?:[0-9]{3} [0-9]{3} [0-9]{4}|[0-9a-z]+(?: ?[-/] ?[0-9a-z]+){0,4})"
    ),
)
BIRTHS = Identifier(
    measure="personal_births",
    what="dates of birth",
    paragraphs="C",
    # What follows the date may show a span of dates, which is that of a cohort.
    pattern=(
        rf"(?i){_WORD}(?:DOB|D\.O\.B\.?|date of birth|birth ?date|birthday|born(?: on)?(?: the)?)"
        rf"(?: ?[:=,(]| is| was| on){{0,2}} ?{_WEEKDAY}{_DATE}(?: ?(?:-|–|to|until|through|and) ?(?:[0-9]+|[a-z]+))?"
    ),
)
SOCIAL_SECURITY = Identifier(
    measure="personal_social_security",
    what="US social security numbers",
    paragraphs="G",
    pattern=(
        r"(?:^|[^0-9A-Za-z./-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?:[^0-9A-Za-z-]|$)"
        rf"|(?i:{_WORD}(?:SSN|social security {_NUMBER}){_IS})[0-9]{{3}}[ -]{{0,3}}[0-9]{{2}}[ -]{{0,3}}[0-9]{{4}}"
    ),
)
IP_ADDRESSES = Identifier(
    measure="personal_ip_addresses",
    what="IP addresses",
    paragraphs="O",
    # Only after the word: the numbers of enzymes (EC 3.4.21.4) look the same.
    pattern=rf"{_WORD}IP(?: [Aa]ddress)?{_IS}[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}",
)

IDENTIFIERS = (EMAILS, PHONES, URLS, RECORDS, BIRTHS, SOCIAL_SECURITY, IP_ADDRESSES)
