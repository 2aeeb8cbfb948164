"""The state of the newest build, kept beside the catalogue."""

from schemas.errors import MedinstError
from schemas.state import State
from tasks.base.store.root import Root

STATE = "build.json"


def save_state(state: State) -> None:
    """Keep the state of a build."""
    root = Root(state.order.root)
    root.write_bytes(root.uri("catalogue", STATE), state.model_dump_json(indent=1).encode())


def load_state(root: Root) -> State | None:
    """The newest build of a root, or None."""
    uri = root.uri("catalogue", STATE)
    return State.model_validate_json(root.read_bytes(uri)) if root.exists(uri) else None


def newest(root: Root) -> State:
    """The newest build of a root.

    Raises:
        MedinstError: nothing has been built.
    """
    state = load_state(root)
    if state is None:
        raise MedinstError(
            f"Nothing has been built in {root.url} yet. Build the miniatures: medinst build --mirror demo"
        )
    return state
