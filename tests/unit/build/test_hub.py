"""Publishing to the Hub: one commit and one tag for each version, nothing twice, and no secret anywhere."""

import multiprocessing
import shutil
from pathlib import Path

import pytest

from schemas.manifest import ReleaseManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, releases
from tasks.base.versions.write import write
from tasks.build.hub import sending
from tasks.build.hub.address import HubDataset, hub_dataset
from tasks.build.hub.sending import look, send
from tests.support import manifests
from tests.support.hub import TOKEN, Hub, refused

pytestmark = [
    pytest.mark.heavy,  # huggingface_hub and its client: one second
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),  # huggingface_hub's use of httpx2
]

REPO, TO = "lab/medinst", "hf://datasets/lab/medinst"  # of the fixture `target`
NAMES = ("README.md", "NOTICE.md", "data/A/train.parquet", "data/B/test.parquet")


def release(root: Path, version: str = "r1", names: tuple[str, ...] = NAMES, **said: object) -> Found[ReleaseManifest]:
    def fill(folder: Path) -> ReleaseManifest:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(f"{version} {name}".encode() * 9)
        return manifests.release(version, **said)

    return write(releases(Root(str(root))), version, fill, replace=True)


def bytes_of(found: Found[ReleaseManifest]) -> dict[str, bytes]:
    folder = Path(found.uri)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_version_is_one_commit_and_one_tag(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    found = release(tmp_path)
    published = send(found, target)
    assert hub.files(REPO, "r1") == {".gitattributes": b"*.parquet filter=lfs\n", **bytes_of(found)}
    assert [len(hub.commits[REPO]), len(hub.tags[REPO])] == [2, 1], "that of the creation, and ours"
    assert hub.private[REPO], "nothing is shown to everybody by a command"
    assert published == found.receipt.model_copy(update={"uri": f"{TO}@r1"})
    assert len(hub.blobs) == 2


def test_the_same_version_again_sends_nothing(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    first = send(release(tmp_path), target)
    hub.asked.clear()
    assert send(release(tmp_path), target) == first
    assert not hub.sent


def test_a_later_version_takes_the_place_of_the_earlier(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    """Files that only the earlier one has go, those of others stay, and the tag keeps it whole."""
    hub.create(REPO, **{"paper.pdf": b"%PDF"})
    one, two = release(tmp_path), release(tmp_path, "r2", (*NAMES[:3], "data/C/test.parquet"))
    send(one, target)
    assert look(two, target).removed == ("data/B/test.parquet",)
    send(two, target)
    kept = {".gitattributes": b"*.parquet filter=lfs\n", "paper.pdf": b"%PDF"}
    assert hub.files(REPO) == kept | bytes_of(two)
    assert hub.files(REPO, "r1") == kept | bytes_of(one)


def test_looking_sends_nothing(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    found = release(tmp_path)
    seen = look(found, target)
    assert (seen.files, seen.bytes) == (5, sum(len(data) for data in bytes_of(found).values()) - len(manifest(found)))
    assert (seen.due, seen.there.head) == ("all", None)
    send(found, target)
    hub.asked.clear()
    assert look(found, target).due == "nothing"
    assert hub.asked
    assert not hub.sent


def manifest(found: Found[ReleaseManifest]) -> bytes:
    return Path(found.uri, "manifest.json").read_bytes()


def test_another_version_under_the_same_tag_is_refused(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    send(release(tmp_path / "one"), target)
    before = dict(hub.commits[REPO])
    other = release(tmp_path / "two", names=NAMES[:3])
    hub.asked.clear()
    assert "has a tag r1 with another manifest" in refused(lambda: send(other, target))
    assert not hub.sent
    assert dict(hub.commits[REPO]) == before


def test_a_run_that_ended_before_the_tag_is_continued(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    hub.faults[f"POST /api/datasets/{REPO}/tag"] = 503
    found = release(tmp_path)
    assert "the Hub answers 503" in refused(lambda: send(found, target))
    assert not hub.tags[REPO]
    hub.faults.clear()
    hub.asked.clear()
    send(found, target)
    assert [each.rpartition("/")[0] for each in hub.sent] == [f"POST /api/datasets/{REPO}/tag"]
    assert hub.files(REPO, "r1").items() >= bytes_of(found).items()


def test_a_run_that_was_killed_is_continued(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    """Killed while the second of two large files is sent: nothing is seen of it, and only that one is sent later."""
    found = release(tmp_path)
    hub.hold = True
    process = multiprocessing.get_context("spawn").Process(target=send, args=(found, target))
    process.start()
    try:
        assert hub.held.wait(60)
    finally:
        process.kill()
        process.join()
    assert [*hub.files(REPO)] == [".gitattributes"]
    hub.hold = False
    hub.go_on.set()
    hub.asked.clear()
    send(found, target)
    assert hub.count("PUT /upload/") == 1
    assert hub.files(REPO, "r1").items() >= bytes_of(found).items()
    assert len(hub.commits[REPO]) == 2


def test_a_push_of_somebody_else_is_not_overwritten(
    hub: Hub, target: HubDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.create(REPO)
    operations = sending._operations

    def pushed(*given: object):
        hub.commit(REPO, {"theirs.txt": b"x"})
        return operations(*given)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(sending, "_operations", pushed)
    assert "the Hub answers 412: somebody else has changed" in refused(lambda: send(release(tmp_path), target))
    assert hub.files(REPO) == {"theirs.txt": b"x"}
    assert not hub.tags[REPO]


@pytest.mark.parametrize("profile", ["local", "research"])
def test_what_may_not_be_shown_is_refused(hub: Hub, target: HubDataset, tmp_path: Path, profile: str) -> None:
    hub.create(REPO)
    found = release(tmp_path, profile=profile)
    for act in (look, send):
        message = refused(lambda act=act: act(found, target))
        assert "must not leave this machine" in message if profile == "local" else "is public" in message
        assert "--profile open" in message
    assert not hub.sent
    hub.private[REPO] = True
    if profile == "research":
        send(found, target)
        assert "r1" in hub.tags[REPO]


def test_sources_that_must_stay_are_refused(
    hub: Hub, target: HubDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "stays", lambda source: source == "ours")
    found = release(tmp_path, sources={"ours": (), "mqp": ()})
    assert "holds sources that must stay (ours)" in refused(lambda: send(found, target))
    assert not hub.asked


def test_a_damaged_file_is_not_sent(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    found = release(tmp_path)
    shutil.copyfile(Path(found.uri, "NOTICE.md"), Path(found.uri, "README.md"))
    assert "README.md is damaged" in refused(lambda: send(found, target))
    assert not hub.blobs


def test_a_dataset_of_another_kind_is_left_alone(hub: Hub, target: HubDataset, tmp_path: Path) -> None:
    hub.create(REPO, **{"manifest.json": b'{"of": "somebody else"}'})
    assert "that this program did not write" in refused(lambda: send(release(tmp_path), target))
    assert not hub.sent


@pytest.mark.parametrize(
    ("at", "status", "told"),
    [
        ("GET /api/datasets", 401, "401: the token is not accepted"),
        ("POST /api/repos/create", 403, "403: the token may not do this"),
        (f"GET /api/datasets/{REPO}/refs", 404, "404: the dataset or the version is not there"),
        ("GET /api/datasets", 429, "429: too many requests"),
        (f"POST /api/datasets/{REPO}/commit", 413, "413: a file is too large"),
        ("PUT /upload", 403, "403: the token may not do this"),
        (f"POST /api/datasets/{REPO}/commit", 500, "500: it fails"),
    ],
)
def test_refusals_are_sentences(hub: Hub, target: HubDataset, tmp_path: Path, at: str, status: int, told: str) -> None:
    if "refs" in at:
        hub.create(REPO)
    hub.faults[at] = status
    message = refused(lambda: send(release(tmp_path), target))
    assert f"the Hub answers {told}" in message
    assert message.endswith(f"medinst publish --to {TO} --profile open")
    assert not hub.tags.get(REPO)


def test_nobody_answers(target: HubDataset, tmp_path: Path) -> None:
    away = target._replace(endpoint="http://127.0.0.1:9")
    assert "the Hub does not answer (ConnectError)" in refused(lambda: send(release(tmp_path), away))


def test_without_a_token_nothing_is_asked(
    hub: Hub, target: HubDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert "HF_TOKEN is not set" in refused(lambda: send(release(tmp_path), target))
    assert not hub.asked
    assert "Set HF_TOKEN to an access token" in refused(lambda: look(release(tmp_path), target))


@pytest.mark.parametrize("url", ["hf://models/lab/m", "hf://datasets/lab", "hf:/datasets/a/b", f"{TO}/data", f"{TO}@x"])
def test_other_addresses_are_refused(url: str) -> None:
    assert "expected hf://datasets/OWNER/NAME" in refused(lambda: hub_dataset(url))


@pytest.mark.parametrize(
    "endpoint", ["http://hub.example.org", f"https://me:{TOKEN}@hub.example.org", "hub.example.org"]
)
def test_a_token_goes_to_no_unsafe_endpoint(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    assert "Correct or unset HF_ENDPOINT" in refused(lambda: hub_dataset(TO))
