"""The flow `benchmark`: MedINST32 from the build of the latest release of a root."""

from prefect import flow

from flows.base import chosen_base
from schemas.base import Collections
from schemas.licence import Profile
from schemas.receipts import Release
from schemas.settings import Settings
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked
from tasks.model.benchmark.write import SEED, write_benchmark


@flow(name="benchmark", flow_run_name="benchmark {profile}", persist_result=False)
def benchmark(
    root: str | None = None,
    profile: Profile = "local",
    seed: int = SEED,
    folders: list[str] | None = None,
    collection: Collections = "paper",
) -> Release:
    """Write the benchmark of the build of the latest release of a root.

    Args:
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        profile: what the benchmark may hold.
        seed: of all draws.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.
        collection: whose held-out tasks are its tests.

    Raises:
        MedinstError: the build has none of the held-out tasks.
        PublishError: the benchmark could not be written.
    """
    use_folders(folders)
    place = Root(root or Settings().root)
    with locked(place), phase("draw"):
        return write_benchmark(chosen_base(place), profile, seed, collection=collection)
