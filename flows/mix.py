"""The flow `mix`: a training set drawn from the build of the latest release of a root."""

from prefect import flow

from flows.base import chosen_base
from schemas.mixture import Recipe
from schemas.receipts import Release
from schemas.settings import Settings
from schemas.state import State
from tasks.base.store.phases import phase
from tasks.base.store.pool import in_own_process
from tasks.base.store.root import Root
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked, writing


@flow(name="mix", flow_run_name="mix {recipe.name}", persist_result=False)
def mix(recipe: Recipe, root: str | None = None, out: str | None = None, folders: list[str] | None = None) -> Release:
    """Draw a mixture from the build of the latest release of a root.

    Args:
        recipe: how it is drawn.
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        out: folder or bucket that gets `mixtures/<name>/<version>/`; none: the root.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.

    Raises:
        MixtureError: the recipe cannot be followed, or nothing is left to draw.
        PublishError: the mixture could not be written.
    """
    use_folders(folders)
    place = Root(root or Settings().root)
    with locked(place), writing(Root(out) if out else place, place), phase("draw"):
        return in_own_process(_write, chosen_base(place), recipe, out)


def _write(state: State, recipe: Recipe, out: str | None) -> Release:
    """In a process of its own: at the end of the flow's, DuckDB would complain of what Prefect's engine still holds."""
    from tasks.model.mixture.write import write_mixture

    return write_mixture(state, recipe, Root(out) if out else None)
