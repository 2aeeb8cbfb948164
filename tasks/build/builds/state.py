"""The state of the newest build, kept beside the catalogue."""

from schemas.errors import Damaged, MedinstError
from schemas.state import State
from tasks.base.store.root import Root

STATE = "build.json"
_PLACE = f"catalogue/{STATE}"


def save_state(state: State) -> None:
    """Keep the state of a build; where its root lies is not part of it."""
    said = state.model_dump_json(indent=1, exclude={"order": {"root"}})
    Root(state.order.root).write_bytes(_PLACE, said.encode())


def load_state(root: Root) -> State | None:
    """The newest build of a root, or None.

    Raises:
        MedinstError: it is damaged, or of an earlier version, which kept other facts of a build.
    """
    if not root.exists(_PLACE):
        return None
    try:
        state = root.read_model(_PLACE, State)
    except Damaged as error:
        raise MedinstError(
            f"{root.uri(_PLACE)} is damaged, or an earlier version of this program wrote it, which kept the builds of "
            f"a root in another form. Build again, what was downloaded is used: medinst build --root {root.url}"
        ) from error
    return state.model_copy(update={"order": state.order.model_copy(update={"root": root.url})})


def newest(root: Root) -> State:
    """The newest build of a root.

    Raises:
        MedinstError: nothing has been built, or by an earlier version.
    """
    state = load_state(root)
    if state is None:
        raise MedinstError(
            f"Nothing has been built in {root.url} yet. Build the miniatures: medinst build --mirror demo"
        )
    return state
