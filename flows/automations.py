"""Messages to people: automations on Prefect's server that post to a webhook.

The server sends them, so that a killed process is heard of too, and a receiver that is slow or gone disturbs no build.
The address is a secret. It comes from `MEDINST_WEBHOOK_URL` or from the block `webhook/medinst`, where the server keeps
it encrypted; neither parameters nor logs nor artifacts hold it. A message has names, counts and links, and no text of
the data nor of an error, which may quote it.
"""

from typing import Any
from urllib.parse import urlsplit

from schemas.errors import MedinstError
from schemas.settings import Settings
from tasks.build.summary.news import EVENT, RESOURCE, Kind

BLOCK = "medinst"
FLOWS = ("build", "publish", "benchmark", "mix", "evaluate", "baseline", "finetune", "urls")
"""The names of our flows. Tags would not do: Prefect's events have those only that a run was created with."""

BAD_ENDS = ("Failed", "Crashed", "TimedOut", "Refused")
NEWS: tuple[Kind, ...] = ("recovered", "unavailable", "available", "drift")

_BAD_END = """\
{% set why = ': ' ~ flow_run.state.message if flow_run.state.name == 'Refused' else '' -%}
{% set text = flow_run.name ~ ': ' ~ flow_run.state.name ~ why ~ ' ' ~ (flow_run | ui_url or '') -%}
{"text": {{ text | trim | tojson }}}"""

_NEWS = '{"text": {{ event.payload.text | tojson }}}'


def deploy_automations() -> bool:
    """Make the automations on the server; a person who has paused one finds it paused.

    Returns:
        whether there are any: without an address there is nobody to tell.

    Raises:
        MedinstError: the address is none.
    """
    from prefect.client.orchestration import get_client

    block = _block()
    if block is None:
        return False
    with get_client(sync_client=True) as client:
        for automation in _automations(block):
            known = client.read_automations_by_name(automation.name)
            for each in known:
                client.update_automation(each.id, automation.model_copy(update={"enabled": each.enabled}))
            if not known:
                client.create_automation(automation)
    return True


def _block() -> Any:
    """The id of the block with the address; None if there is none."""
    from prefect.blocks.webhook import Webhook
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    address = Settings().webhook_url
    if address is not None and address.get_secret_value():  # compose sets what is not set to nothing
        parts = urlsplit(address.get_secret_value())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MedinstError("MEDINST_WEBHOOK_URL is not an address that begins with https:// or http://.")
        block = Webhook(url=address, headers={"Content-Type": "application/json"})  # pyright: ignore[reportArgumentType]
        return block.save(BLOCK, overwrite=True, _sync=True)  # pyright: ignore[reportCallIssue]
    with get_client(sync_client=True) as client:
        try:
            return client.read_block_document_by_name(BLOCK, "webhook").id
        except ObjectNotFound:
            return None


def _automations(block: Any) -> list[Any]:
    from prefect.events.actions import CallWebhook
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

    ours = {"prefect.resource.role": "flow", "prefect.resource.name": list(FLOWS)}
    return [
        AutomationCore(
            name="MedINST: a run ended badly",
            description="Posts to the webhook when a run failed, crashed or was refused by the gate.",
            trigger=EventTrigger(
                posture=Posture.Reactive,
                expect={f"prefect.flow-run.{state}" for state in BAD_ENDS},
                match={"prefect.resource.id": "prefect.flow-run.*"},  # pyright: ignore[reportArgumentType]
                match_related=ours,  # pyright: ignore[reportArgumentType]
                threshold=1,
            ),
            actions=[CallWebhook(block_document_id=block, payload=_BAD_END)],
        ),
        AutomationCore(
            name="MedINST: news of a build",
            description="Posts to the webhook when builds are good again, when sources become unavailable or available "
            "again, and when the number of samples has changed.",
            trigger=EventTrigger(
                posture=Posture.Reactive,
                expect={f"{EVENT}.{kind}" for kind in NEWS},
                match={"prefect.resource.id": f"{RESOURCE}.*"},  # pyright: ignore[reportArgumentType]
                threshold=1,
            ),
            actions=[CallWebhook(block_document_id=block, payload=_NEWS)],
        ),
    ]
