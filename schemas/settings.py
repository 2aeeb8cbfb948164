"""Settings from the environment, all of them with the prefix `MEDINST_`."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.shards import STEP_BYTES, STEP_ROWS


class Settings(BaseSettings):
    """Where things live and how much is allowed.

    Attributes:
        root: fsspec address under which everything lives (`MEDINST_ROOT`).
        sources: folders with sources of one's own, joined as in `PATH` (`MEDINST_SOURCES`).
        models: folder of fetched models (`MEDINST_MODELS`); empty: `medinst/models` in the user's cache.
        workers: processes that parse, and files fetched at once.
        runner: what runs the steps of a deployment's build; `medinst build` has an option for it.
        dask: address of the Dask scheduler for the runner `dask`; None: a cluster on this machine.
        reports_url: address under which the root's pages are served; links in Prefect's UI lead there. None: the UI
            shows where the pages lie.
        webhook_url: address that is told of failures, refusals, recoveries and outages; a secret.
        per_host: connections to one host at a time.
        pause: seconds between two requests to one host that only ask whether a file is there.
        attempts: how often a download is tried.
        wait: seconds before a download is tried again; doubled each time, with some chance in it.
        wait_longest: seconds between two tries at most, also where a server asks for more.
        timeout: seconds without a byte after which a connection is given up.
        longest: seconds that one file may take.
        away: seconds that a bucket may be away, after it has answered once.
        slowest: bytes a second, averaged, below which a transfer is given up after a minute.
        step_rows: records that one step of a build works on at most; a larger split is worked on in several.
        step_bytes: bytes of their files that one step works on at most.
        member_bytes: size of one unpacked archive member at most.
        archive_bytes: size of all wanted members of an archive at most.
        archive_members: number of members of an archive at most.
        line_bytes: size of one line, cell or value of a file at most.
        file_bytes: size of a file of a format that is read as a whole at most.
        ratio: unpacked to packed size of a member at most (a guard against archive bombs).
    """

    model_config = SettingsConfigDict(env_prefix="MEDINST_", frozen=True)

    root: str = "data"
    sources: str = ""
    models: str = ""
    workers: Annotated[int, Field(ge=1)] = 2
    runner: Literal["thread", "process", "dask"] = "thread"
    dask: str | None = None
    reports_url: str | None = None
    webhook_url: SecretStr | None = None
    per_host: Annotated[int, Field(ge=1)] = 2
    pause: Annotated[float, Field(ge=0)] = 0.2
    attempts: Annotated[int, Field(ge=1)] = 5
    wait: Annotated[float, Field(ge=0)] = 1.0
    wait_longest: Annotated[float, Field(ge=0)] = 120.0
    timeout: Annotated[float, Field(gt=0)] = 60.0
    longest: Annotated[float, Field(gt=0)] = 6 * 3600.0
    away: Annotated[float, Field(ge=0)] = 60.0
    slowest: Annotated[float, Field(ge=0)] = 1024.0
    step_rows: Annotated[int, Field(ge=1)] = STEP_ROWS
    step_bytes: Annotated[int, Field(ge=1)] = STEP_BYTES
    member_bytes: int = 8 * 2**30
    archive_bytes: int = 32 * 2**30
    archive_members: int = 500_000
    line_bytes: Annotated[int, Field(ge=1)] = 64 * 2**20
    file_bytes: Annotated[int, Field(ge=1)] = 512 * 2**20
    ratio: int = 1_000
