"""The builds of a root, kept beside the catalogue: the newest, and of each release the one that it was made of."""

from schemas.errors import Damaged, MedinstError
from schemas.state import State
from sources import registry
from tasks.base.store.root import Root

STATE = "build.json"
PUBLISHED = "catalogue/builds"
"""Folder of `<release>.json`."""

_PLACE = f"catalogue/{STATE}"


def save_state(state: State) -> None:
    """Keep the newest build; where its root lies is not part of it."""
    _write(state, _PLACE)


def save_published(state: State, release: str) -> None:
    """Keep the build that a release was made of; under another profile, one that has a release of its own already."""
    _write(state.model_copy(update={"release": state.release or release}), _published(release))


def load_state(root: Root) -> State | None:
    """The newest build of a root, or None.

    Raises:
        MedinstError: it is damaged, or of an earlier version, which kept other facts of a build; or the build has
            sources of one's own whose folder is not in use.
    """
    return _read(root, _PLACE)


def load_published(root: Root, release: str) -> State | None:
    """The build that a release was made of; None if the root does not have it.

    Raises:
        MedinstError: an earlier version kept it, with other facts.
    """
    return _read(root, _published(release))


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
    """The newest build of a root, whether the gate let it pass or not: for looking at it.

    Raises:
        MedinstError: nothing has been built, or by an earlier version.
    """
    state = load_state(root)
    if state is None:
        raise MedinstError(
            f"Nothing has been built in {root.url} yet. Build the miniatures: medinst build --mirror demo"
        )
    return state


def _published(release: str) -> str:
    return f"{PUBLISHED}/{release}.json"


def _write(state: State, place: str) -> None:
    said = state.model_dump_json(indent=1, exclude={"order": {"root"}})
    Root(state.order.root).write_bytes(place, said.encode())


def _read(root: Root, place: str) -> State | None:
    if not root.exists(place):
        return None
    try:
        state = root.read_model(place, State)
    except Damaged as error:
        raise MedinstError(
            f"{root.uri(place)} is damaged, or an earlier version of this program wrote it, which kept the builds of "
            f"a root in another form. Build again, what was downloaded is used: medinst build --root {root.url}"
        ) from error
    _refuse_strangers(state, root)
    return state.model_copy(update={"order": state.order.model_copy(update={"root": root.url})})
