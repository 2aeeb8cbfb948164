"""What an address gives the first time is pinned in the root's own lock, as soon as it has been read."""

import pytest

from schemas.errors import NotAFile
from schemas.receipts import Batch, Order
from schemas.state import Built, State
from tasks.base.store.root import Root
from tasks.build.fetch import source as fetching
from tasks.build.fetch.lock import forget
from tasks.build.fetch.source import pin_read, settle
from tests.support.servers import data
from tests.unit.build.test_fetch import BODY, SHA, declared, fetch, line, own_lock, root, site, zipped

__all__ = ["fetch", "root", "site"]  # fixtures


def test_a_file_is_trusted_once_it_was_read(site, fetch, root):
    """Until then the next download may be another: it is the first that can be read that is pinned."""
    url = site.on("/x.zip", data(BODY), data(other := zipped(train="B O\n")))
    source = declared(url)
    first = fetch(source)
    assert own_lock(root)[url].note == "unread"
    settle(source, first, ["main"], Root(str(root)), read=False)
    assert url not in own_lock(root)
    second = fetch(source)
    assert second.blobs[0].sha256 == line(other).sha256
    settle(source, second, [], Root(str(root)), read=True)
    assert own_lock(root)[url].note == "unread", "nothing that needs it was read"
    settle(source, second, ["main"], Root(str(root)), read=True)
    assert own_lock(root)[url].note == ""
    settle(source, second, ["main"], Root(str(root)), read=False)
    assert own_lock(root)[url].sha256 == line(other).sha256, "what was trusted stays"


def test_pins_that_steps_of_several_processes_lost_are_made_up_for(site, fetch, root, monkeypatch):
    """Each reads the lock, adds its line and writes it; a file that could not be read stays unpinned."""
    sources = {id: declared(site.on(f"/{id}.zip", data(BODY)), id=id) for id in ("a", "b", "c", "d")}
    fetched = {id: fetch(source) for id, source in sources.items()}
    monkeypatch.setattr(fetching, "find", sources.get)
    read = Batch(source="a", part="main", fingerprint="m", place="records/a/m")
    batches = {"a": (read,), "b": (read,), "c": (read.model_copy(update={"withheld": "why"}),), "d": ()}
    built = tuple(Built(source=id, fetched=fetched[id], batches=batches[id]) for id in sources)
    url = {id: source.urls("sub/x.zip")[0] for id, source in sources.items()}
    settle(sources["a"], fetched["a"], ["main"], Root(str(root)), read=True)
    forget(Root(str(root)), {url["b"]: SHA, url["d"]: SHA})
    before = own_lock(root)[url["a"]]
    pin_read(State(order=Order(root=str(root)), sources=built))
    lock = own_lock(root)
    assert lock.keys() == {url["a"], url["b"], url["c"]}
    assert (lock[url["a"]], lock[url["b"]][:2], lock[url["b"]].note) == (before, (SHA, len(BODY)), "")
    assert lock[url["c"]].note == "unread"


def test_two_sources_with_one_address_have_their_own_unfinished_files(site, fetch, root, monkeypatch):
    """Processes do not take turns as threads do."""
    url = site.on("/x.zip", data(BODY))
    partial: list[str] = []

    def download(_url, path, *_):
        partial.append(path.name)
        raise NotAFile("cut off", url=url)

    monkeypatch.setattr(fetching, "download", download)
    for id in ("a", "b", "a"):
        with pytest.raises(NotAFile):
            fetch(declared(url, id=id))
    assert partial[0] == partial[2] != partial[1]
