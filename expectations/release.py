"""What a release as a whole must be like. The only row is a `ReleaseProfile`."""

from expectations.rule import AGAIN, UNMEASURED, Rule

RULES = (
    UNMEASURED,
    Rule(
        measure="samples",
        severity="critical",
        expected="the release holds samples",
        found="{samples:,} samples",
        command=AGAIN,
        at_least=1,
        at_most=None,
    ),
    Rule(
        measure="unaccounted",
        severity="critical",
        expected="every task asked for is built or withheld for a declared reason",
        found="{unaccounted} of {chosen} tasks are neither",
        command="see the reason of {first} in the table of the sources, then: " + AGAIN,
        otherwise=AGAIN,
        at_least=0,
    ),
    Rule(
        measure="duplicate_ids",
        severity="critical",
        expected="no two samples of the release have the same id",
        found="{duplicate_ids:,} ids stand for several samples",
        command='medinst sql "SELECT id, count(*) FROM samples GROUP BY id HAVING count(*) > 1 LIMIT 20"',
    ),
    Rule(
        measure="refused_licences",
        severity="critical",
        expected="the profile admits the licence of every task in the release",
        found="{refused_licences} tasks have a licence that the profile `{profile}` does not admit",
        command="medinst sources",
    ),
    Rule(
        measure="leaks_in_clean",
        severity="critical",
        expected="no sample of the training set `clean` shares a document, its words or a sequence of them with a test",
        found="{leaks_in_clean:,} samples that leak into a test are not listed as such",
        command="medinst why {first}",
        otherwise=AGAIN,
    ),
    Rule(
        measure="unaudited",
        severity="critical",
        expected="every published sample was looked at for leaks and near duplicates",
        found="{unaudited:,} samples were not, or have changed since",
        command=AGAIN,
        at_least=0,
    ),
    Rule(
        measure="uncited",
        severity="critical",
        expected="every source in the release has an entry in sources/references.bib",
        found="{uncited} sources have none",
        command="medinst sources",
    ),
)
