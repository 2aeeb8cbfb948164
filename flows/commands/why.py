"""medinst why."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json
from schemas.errors import QueryError


def why(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a sample, or of a record, alone or after source/part or task.")
    ],
    json: Json = False,
    root: RootOption = ROOT,
) -> int:
    """Show the history of one record or sample: from its file and lines to the release, or why it was left out.

    Example: medinst why BC5CDR-RE/90000001
    """
    from flows.console.base import say_unpublished
    from flows.console.story import show_choice, show_story
    from schemas.settings import Settings
    from tasks.base.store.root import Root
    from tasks.build.builds.state import newest
    from tasks.tools.why.find import find
    from tasks.tools.why.tell import tell

    place = Root(root)
    say_unpublished(root)
    state = newest(place)
    keys = find(name, state, place)
    if not keys:
        raise QueryError(
            f"The newest build in {place.url} has no sample and no record `{name}`. Expected the id of a sample "
            "(32 hexadecimal digits), or of a record, optionally after its source, part and split, or its task "
            "(`SOURCE/PART/RECORD`, `TASK/RECORD`). See ids: medinst show SOURCE"
        )
    if len(keys) > 1:
        print_json({"candidates": [key.name for key in keys]}) if json else show_choice(out(), name, keys)
        return 1
    story = tell(keys[0], state, place, Settings())
    print_json(story.model_dump(mode="json")) if json else show_story(out(), story)
    return 0
