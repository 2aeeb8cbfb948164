"""The state of the newest build, kept beside the catalogue."""

from schemas.errors import Damaged, MedinstError
from schemas.state import State
from sources import registry
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
        MedinstError: it is damaged, or of an earlier version, which kept other facts of a build; or the build has
            sources of one's own whose folder is not in use.
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
    _refuse_strangers(state, root)
    return state.model_copy(update={"order": state.order.model_copy(update={"root": root.url})})


def state_before(root: Root) -> State | None:
    """The newest build of a root, to compare another with; None also where an earlier version wrote it."""
    try:
        return load_state(root)
    except MedinstError:
        return None
def _refuse_strangers(state: State, root: Root) -> None:
    """Refuse a build with sources that nothing declares now."""
    folders = state.order.folders
    if folders and (unknown := [built.source for built in state.sources if built.source not in registry()]):
        raise MedinstError(
            f"The newest build in {root.url} has sources that are not declared here: {', '.join(unknown)}. It was made "
            f"with {' '.join(f'--sources {folder}' for folder in folders)}; name their folder again"
        )


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
