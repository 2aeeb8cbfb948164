"""report.html: the page that is opened first after a build. One file, without any address that is fetched.

The bytes depend on the content alone: no times, no random ids, everything sorted. A content security policy
in the page makes the browser refuse whatever would leave it.
"""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from schemas.audit import KINDS
from schemas.release import ReleaseContent, training_sets
from schemas.source import Source
from tasks.base.pages import rows
from tasks.base.pages.charts import script
from tasks.base.pages.template import render
from tasks.base.pages.words import as_json
from tasks.build.report.charts import figures, table_of_choices
from tasks.build.report.diagnoses import COLUMNS, NONE, Tables, diagnosis_rows
from tasks.build.report.index import Index
from tasks.build.report.leaks import exposed_rows, unclean
from tasks.build.report.overview import key_figures, open_ends, task_rows
from tasks.build.report.parity import parity
from tasks.build.report.personal import personal_rows
from tasks.build.report.rejects import reject_rows
from tasks.build.report.source_rows import source_rows
from tasks.build.report.verdicts import groups, unmet

TEMPLATES = Path(__file__).parent / "templates"


def report(content: ReleaseContent, sources: Mapping[str, Source] | None = None, found: Tables = NONE) -> bytes:
    """Write the page about one release.

    Args:
        content: everything that the release says and holds.
        sources: the declarations by id, for titles, homepages and licences; all declared ones if None.
        found: the tables of its diagnosis.
    """
    index = Index(content, _declared() if sources is None else sources)
    drawn = figures(content, index, found)
    html = render(
        __file__,
        "report.html.j2",
        content=content,
        index=index,
        key=key_figures(content, index),
        tasks=task_rows(content, index),
        open_ends=open_ends(content, index),
        sources=source_rows(content, index),
        parity=parity(content),
        diagnoses=diagnosis_rows(found),
        diagnosis_columns=COLUMNS,
        rejects=reject_rows(content.lost, index),
        personal=personal_rows(content.samples),
        exposed=exposed_rows(content.audit),
        unclean=unclean(content.audit),
        training=training_sets(content),
        kinds=KINDS,
        unmet=unmet(content.verdicts),
        groups=groups(content.verdicts),
        choices=table_of_choices(drawn),
        figures=Markup(as_json(drawn)),  # noqa: S704 - as_json escapes what could end the script
        drawing=script(),
        behind=rows,
        own=_own,
    )
    return html.encode("utf-8")


def _declared() -> Mapping[str, Source]:
    from sources import registry

    return registry()


def _own(name: str) -> Markup:
    """A style sheet or script of ours, which the page holds as it is."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704
