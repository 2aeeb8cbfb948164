"""Invented identifiers of persons in the ways people write them, and what only looks like one."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

import phonenumbers
from phonenumbers import PhoneNumberFormat

Writer = Callable[[Random], str]

NAMES = ("quillon", "tamsel", "brevik", "osterlo", "yandri", "felmore", "jastrup", "mirelda")
ABROAD = ("GB", "DE", "FR", "ES", "IT", "NL", "CN", "IN", "JP", "BR", "AU", "SE", "PL", "ZA", "KR", "MX", "CH", "TR")


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _email(chance: Random) -> str:
    first, last, place = chance.sample(NAMES, 3)
    name = chance.choice((f"{first}.{last}", f"{first[0]}{last}", f"{last}_{first}", f"{first}{_digits(chance, 2)}"))
    ending = chance.choice(("com", "org", "edu", "net", "de", "co.uk", "ac.cn", "gov"))
    address = chance.choice((f"{name}@{place}.{ending}", f"{name.upper()}@{place.upper()}.{ending.upper()}"))
    tokens = f"{name} @ {place} . {ending.replace('.', ' . ')}"
    return chance.choice((address, f"({address})", f"<{address}>", f"E-mail: {address}.", tokens))


def _valid(chance: Random, region: str) -> phonenumbers.PhoneNumber:
    """A telephone number that the numbering plan of a region permits: its example with other last digits."""
    number = phonenumbers.example_number(region)
    assert number
    assert number.national_number
    first = number.national_number // 10_000 * 10_000
    number.national_number = next(
        end for _ in range(1000) if phonenumbers.is_valid_number(_with(number, end := first + chance.randrange(10_000)))
    )
    return number


def _with(number: phonenumbers.PhoneNumber, national: int) -> phonenumbers.PhoneNumber:
    number.national_number = national
    return number


def _phone(chance: Random) -> str:
    american = (
        f"{chance.choice(('212', '617', '415', '713'))}%s{chance.choice(('432', '736', '853'))}%s{_digits(chance, 4)}"
    )
    abroad = _valid(chance, chance.choice(ABROAD))
    call = chance.choice(("Tel: ", "Phone: ", "Fax ", "call me at ", "phone number is ", "telephone no. ", "Tel : "))
    return chance.choice(
        (
            american % ("-", "-"),
            american % (".", "."),
            f"({american[:3]}) {american[3:] % ('', '-')}",
            "1-" + american % ("-", "-"),
            phonenumbers.format_number(abroad, PhoneNumberFormat.INTERNATIONAL),
            phonenumbers.format_number(abroad, PhoneNumberFormat.E164),
            call + phonenumbers.format_number(abroad, PhoneNumberFormat.INTERNATIONAL),
            call + american % (" ", " "),
            "Tel : ( " + american % (" ) ", " - "),
        )
    )


def _national(chance: Random) -> str:
    """A number as it is written within its country, after a word that says what it is."""
    abroad = _valid(chance, chance.choice(ABROAD))
    return chance.choice(("Tel: ", "phone ", "Fax: ")) + phonenumbers.format_number(abroad, PhoneNumberFormat.NATIONAL)


def _url(chance: Random) -> str:
    first, last, place = chance.sample(NAMES, 3)
    return chance.choice(
        (
            f"https://www.facebook.com/{first}.{last}",
            f"twitter.com/{first}{_digits(chance, 2)}",
            f"https://www.linkedin.com/in/{first}-{last}",
            f"http://www.{place}.edu/~{last}/papers.html",
            f"https://{first}:{last}@{place}.org/data",
            f"https://forum.{place}.org/users/{first}",
            f"https://github.com/{last}/{place}",
            f"https://www.youtube.com/@{first}{last}",
            f"https://www.researchgate.net/profile/{first}_{last}",
        )
    )


def _record(chance: Random) -> str:
    number = _digits(chance, 7)
    return chance.choice(
        (
            f"MRN: {number}",
            f"MRN {number}",
            f"(MRN#{number})",
            f"medical record number {number[:2]}-{number[2:4]}-{number[4:]}",
            f"Medical Record No. {number}",
            f"Patient ID: AB{number}",
            f"patient's number is {number}",
            f"NHS number 943 476 {_digits(chance, 4)}",
            f"hospital no {number}",
            f"Medicare number 1EG4-TE5-MK{_digits(chance, 2)}",
            f"insurance policy no. X{number}",
        )
    )


def _day(chance: Random) -> date:
    return date(1925, 1, 1) + timedelta(days=chance.randrange(36_000))


def _birth(chance: Random) -> str:
    day = _day(chance)
    word = chance.choice(
        ("DOB: ", "DOB ", "D.O.B. ", "Date of birth: ", "date of birth is ", "born on ", "born ", "Born: ")
    )
    form = chance.choice(
        ("%m/%d/%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%d-%b-%y", "%dth of %B %Y", "%b %d %Y")
    )
    return word + day.strftime(form)


def _social_security(chance: Random) -> str:
    area, group, serial = chance.randrange(1, 666), chance.randrange(1, 100), chance.randrange(1, 10_000)
    compact = f"{area:03}{group:02}{serial:04}"
    dashes = f"{area:03}-{group:02}-{serial:04}"
    return chance.choice((dashes, f"SSN: {dashes}", f"SSN {compact}", f"social security number is {dashes}"))


def _ip_address(chance: Random) -> str:
    address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    return chance.choice(("IP address ", "IP address: ", "IP ", "IP: ")) + address


IDENTIFIERS: Mapping[str, Writer] = {
    "personal_emails": _email,
    "personal_phones": _phone,
    "personal_urls": _url,
    "personal_records": _record,
    "personal_births": _birth,
    "personal_social_security": _social_security,
    "personal_ip_addresses": _ip_address,
}
"""Measure -> a writer of identifiers that are counted."""

HARD: Mapping[str, Writer] = {"personal_phones": _national}
"""Measure -> a writer of identifiers that are not always found."""


FORMS: Mapping[str, tuple[str, ...]] = {
    "PMID": ("PMID: ########", "PubMed ID ########", "[PMID ########]"),
    "DOI": ("doi:10.1016/j.cell.2012.##.###", "10.1093/nar/gk###", "https://doi.org/10.1000/user.####"),
    "p value": ("(p = 0.0###; 95% CI 1.##-2.##)", "p < 0.0#, 1.##-2.##"),
    "ratio": ("0.###-0.### 1.##", "0.234-0.567 1.23", "(1.##, 95 % CI 0.##-1.##)"),
    "change": ("+##.# (-3.#, 8.#) -###.3", "+###.# (##.#) -###.# (###.#)", "- 78 +6.# (1.#, 10.#)"),
    "table": ("### ### #### ## ####", "###.# ##.# - - ###", "(###) ### ####", "#### #### #### ####"),
    "mass": ("[M + H]+ ###.####, found ###.####", "(M+) ### ### ####"),
    "ion": ("Ca2+ ### ### ####", "CD4+ ###-### ####", "Mg2+ (###) ###-##"),
    "gene": ("IL-1b/CD## (HLA-DRB1*##:01)", "p53, BRCA1 c.###-#A>G", "chr#:########-########"),
    "chemical": ("2,3,7,8-tetrachlorodibenzo-p-dioxin (CAS ####-##-6)", "Ag@SiO2.The next", "N[C@@H](C)C(=O)O.Cl"),
    "enzyme": ("EC 3.#.2#.##", "version 2.10.#.1", "section 4.#.#.2"),
    "day": ("admitted on 1# May 20##, discharged 0#/1#/20##", "(20##-0#-1#)", "received 1# March 199#"),
    "cohort": ("born 1 January 19## to 31 December 1999", "born 01/01/1990-31/12/199#", "born in May 19##"),
    "newborn": ("newborn on 1 May 201#", "newborn 1 May 201#"),
    "long ago": ("born on 1# May 17##", "Darwin, born 12 February 1809"),
    "accession": ("NM_00####", "GSE######", "ENSG00000######", "rs########", "NCT0#######", "DQ######.1"),
    "pages": ("J Invent Med 2003;###(4):1###-12##", "pp. 1##-1##", "41(3):###-####"),
    "ISBN": ("ISBN 978-3-16-1#####-0", "ISBN 0-306-4####-2", "ISSN 1###-####"),
    "ORCID": ("ORCID 0000-0002-1###-####",),
    "grant": ("R01-CA-######", "grant No. (291-372-####)", "5 P30 DK######-05", "BB/J######/1", "no. 30-2012-####"),
    "MRN complex": ("MRN (MRE11-RAD50-NBS1)", "MRN complex ##", "MRN-2#"),
    "trial": ("patient no. ###", "patient numbers #####", "the patient identified ##### genes"),
    "helpline": ("call 1-800-222-####", "1-888-463-#### or 911", "dial 112", "phone (800-QUIT-NOW)"),
    "placeholder": ("@entity#### and @cite_#", "by @user at 9 @ 6:30am", "walk @rest, then home"),
    "site": ("http://www.tamsel.org/health/users.html", "www.brevik.gov/safety/", "github.com/features"),
    "software": ("AppleWebKit/537.36 (KHTML) Mobile/15E### Safari/604.#", "v. 3.2.#.35"),
}  # fmt: skip
"""Name -> what is not an identifier; each `#` stands for a digit."""


def _of_form(forms: tuple[str, ...]) -> Writer:
    return lambda chance: re.sub("#", lambda _: _digits(chance, 1), chance.choice(forms))


LOOKALIKES: Mapping[str, Writer] = {name: _of_form(forms) for name, forms in FORMS.items()}
