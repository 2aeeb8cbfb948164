"""Telling people of a build: events, of which the automations of `flows/automations.py` make messages."""

from collections.abc import Sequence
from hashlib import sha256

from prefect.events import emit_event
from prefect.runtime import flow_run

from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.build.summary.news import EVENT, RESOURCE, News


def tell(news: Sequence[News], root: Root) -> None:
    """Emit an event for each piece of news, with a link to the root's reports where they are served."""
    link = Settings().reports_url
    for each in news:
        text = f"{flow_run.name}: {each.text}" + (f" {link}" if link else "")
        emit_event(
            event=f"{EVENT}.{each.kind}",
            resource={
                "prefect.resource.id": f"{RESOURCE}.{sha256(root.url.encode()).hexdigest()[:12]}",
                "prefect.resource.name": root.url,
            },
            related=[{"prefect.resource.id": f"prefect.flow-run.{flow_run.id}", "prefect.resource.role": "flow-run"}],
            payload={"text": text},
        )
