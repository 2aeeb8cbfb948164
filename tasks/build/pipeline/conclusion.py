"""How the last build ended, and with what: whether it must be judged and published again."""

from contextlib import suppress

from schemas.audit import Ingredients
from schemas.base import Model
from schemas.errors import Damaged
from tasks.base.store.fingerprint import hashes
from tasks.base.store.listing import Listing
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.diagnose.years import FILE as YEARS
from tasks.build.judge.measured import ingredients
from tasks.build.publish.content import made_by

PLACE = "catalogue/concluded.json"


class Conclusion(Model):
    """The end of the last build that came to one.

    Attributes:
        made_of: all that shapes verdicts and release.
        version: what was published; None where the gate refused.
    """

    made_of: Ingredients
    version: str | None = None


def shaping(build: Build, listing: Listing) -> Ingredients:
    """What the verdicts and the release of a build are made of."""
    origins = [built.fetched.blobs for built in build.state.sources if built.fetched is not None]
    blobs = [blob.model_dump(exclude={"place"}) for blobs in origins for blob in blobs]
    lacking = [build.stale, build.withheld, build.missing]
    years = listing.stamp(YEARS)
    return ingredients(build, listing) | hashes(origins=blobs, lacking=lacking, years=years, code=made_by())


def conclude(build: Build, version: str | None) -> None:
    """Remember how a build ended; the last word of a build, so that one that was killed has none."""
    said = Conclusion(made_of=shaping(build, Listing(build.root)), version=version)
    build.root.write_json(PLACE, said.model_dump(mode="json"))


def concluded(root: Root) -> Conclusion | None:
    """How the last build ended; None where none has, or its last word is damaged."""
    with suppress(FileNotFoundError, Damaged):
        return root.read_model(PLACE, Conclusion)
    return None
