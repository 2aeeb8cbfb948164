"""The explorer's pages: what filters ask for, what is said of wrong ones, and who may ask."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import duckdb
import fsspec
import pytest
from starlette.testclient import TestClient

from schemas.errors import EvaluationError, VersionError
from tasks.base.store.root import Root
from tasks.tools.explore.filters import Filters, around_label, conditions
from tasks.tools.explore.find import shown
from tasks.tools.explore.items import FORMS
from tasks.tools.explore.site import site
from tasks.tools.explore.start import started
from tests.support.explored import ASKED, EVIL, define, evaluate, exploring, fill, id_of, manifest

ANSWERS = {
    "03": "[gland <organ>], [nerve <organ>]",
    "04": "[<Zelutinib> <induces> <fever>]",
    "05": "I would not dare to say.",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explored")
    fill(folder)
    evaluate(folder, "one", ANSWERS)
    evaluate(folder, "two", {"03": "[gland <organ>], [wall <tissue>]", "04": "none"})
    return folder


@pytest.fixture(scope="module")
def client(root):
    with exploring(None, root) as explorer:
        yield TestClient(site(explorer), base_url="http://127.0.0.1:4202")


@pytest.fixture(scope="module")
def answered(root):
    with exploring("one", root) as explorer:
        yield TestClient(site(explorer), base_url="http://127.0.0.1:4202")


class Elements(HTMLParser):
    """The names of a page's elements and attributes, and its scripts."""

    def __init__(self):
        super().__init__()
        self.names, self.attributes, self.scripts = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))


def listed(client, query):
    """The numbers of the samples that a list shows."""
    answer = client.get(f"/samples?{query}")
    assert answer.status_code == 200, answer.text
    return [found[-2:] for found in re.findall(r'class="open" href="/samples/[^/]+/([0-9a-f]{32})', answer.text)]


@pytest.mark.parametrize(("query", "numbers"), ASKED)
def test_filters_give_what_they_say(client, query, numbers):
    assert sorted(listed(client, query)) == numbers


@pytest.mark.parametrize("name", [each for each, field in Filters.model_fields.items() if field.annotation is str])
@pytest.mark.parametrize("value", ["' OR 1=1 --", "$task", "x'; DROP TABLE samples; --", EVIL])
def test_no_value_of_a_filter_is_sql(client, name, value):
    assert listed(client, f"{name}={quote(value)}") == [] if name not in ("q", "model", "against") else True
    assert client.get(f"/samples?{name}={quote(value)}").status_code == 200
    assert len(listed(client, "")) == 5


def test_the_report_is_served_in_a_sandbox_and_only_where_there_is_one(client, root):
    answer = client.get("/report")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert '<a href="/report">' in client.get("/").text
    with exploring("medinst32", root) as explorer:
        other = TestClient(site(explorer), base_url="http://127.0.0.1")
        assert other.get("/report").status_code == 404
        assert "/report" not in other.get("/").text


def test_conditions_bind_all_values():
    filters = Filters(task="t'", label="l'", least=3, kind="text", conflict="c'", q="q'", model="m'", answer="right")
    found = list(conditions(filters, {"a": (" <", ">]"), "b": ("", ""), "c": (" <", ">]")}))
    sql = " ".join(each.sql for each in found)
    assert "'" not in sql.replace("', '", "").replace("','", "")
    values = {name: value for each in found for name, value in each.values.items()}
    assert set(re.findall(r"\$(\w+)", sql)) == set(values)
    assert values["label0"] == " <l'>]"
    assert values["tasks0"] == ["a", "c"]


def test_the_label_of_every_form_is_where_it_is_written():
    around = {name: around_label(form.layout) for name, form in FORMS.items()}
    assert around == {
        "entities": (" <", ">]"),
        "concepts": (" <", "/"),
        "relations": ("> <", "> <"),
        "events": ("[<", "> <"),
        "mentions": None,
        "tags": None,
    }


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/samples?jobs=AnEM", 400, "The filter jobs is wrong"),
        ("/samples?split=tset", 400, "The filter split is wrong"),
        ("/samples?least=few", 400, "The filter least is wrong"),
        ("/samples?page=0", 400, "Pages are numbered from 1"),
        ("/tasks/NoSuch", 404, "There is no task NoSuch"),
        ("/samples/AnEM/0", 404, "It may be a reject"),
        ("/static/site.py", 404, "There is no such file"),
        ("/static/..%2fsite.py", 404, "Not here"),
        ("/nothing", 404, "Not here"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(client, path, status, words):
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_a_page_behind_the_last_is_empty(client):
    assert listed(client, "page=900") == []


def test_a_sample_shows_marks_items_leaks_and_where_it_stands(client):
    text = client.get(f"/samples/AnEM/{id_of('03')}?task=AnEM").text
    assert '<mark class="c0" data-item="1">gland<span class="tag">organ</span></mark>' in text
    assert "3 of 3" in text
    assert f'rel="prev" href="/samples/AnEM/{id_of("02")}?task=AnEM"' in text
    assert f'href="/samples/AnEM/{id_of("01")}"' in text, "the training sample that it leaks from"


def test_a_discontinuous_mention_is_two_marks_of_one_item(client):
    text = client.get(f"/samples/AnEM/{id_of('02')}").text
    assert text.count('<mark class="c0 split" data-item="1">') == 2
    assert "Near duplicates" in text


def test_a_relation_is_listed_with_the_letters_of_its_ends(client):
    text = client.get(f"/samples/BC5CDR-RE/{id_of('04')}").text
    assert 'data-item="A">Zelutinib<span class="tag">A</span>' in text
    assert 'data-item="A B"' in text
    assert "—induces→" in text


def test_rejects_are_filtered_and_lead_to_what_was_kept(client):
    text = client.get("/rejects?reason=duplicate&q=" + id_of("09")).text
    assert "<strong>1</strong> reject" in text
    assert f'href="/samples/AnEM/{id_of("01")}"' in text
    assert "<strong>0</strong> rejects" in client.get("/rejects?q=nowhere").text


def test_a_release_without_its_build_has_no_story_and_says_so(client):
    assert "cannot tell it" in client.get(f"/why/{id_of('01')}").text


def test_pages_run_nothing_and_call_nobody(client):
    for path in ("/", "/samples", f"/samples/AnEM/{id_of('03')}", "/tasks/AnEM", "/rejects", "/nothing"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        elements = Elements()
        elements.feed(answer.text)
        assert set(elements.scripts) == {"/static/explore.js"}
        assert not {name for name in elements.attributes if name.startswith("on") or name == "style"}
        assert "img" not in elements.names


def test_only_reading_is_allowed_and_only_from_here(client, root):
    for method in ("POST", "PUT", "DELETE"):
        assert client.request(method, "/samples").status_code == 405
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"host": "localhost:4202"}).status_code == 200


def test_nothing_but_its_own_file_can_be_reached(root):
    with exploring(None, root) as explorer:
        for query in ("SELECT * FROM read_text('/etc/passwd')", "SET enable_external_access = true"):
            with pytest.raises(duckdb.Error):
                explorer.rows(query)


def test_a_search_before_its_index_is_ready_asks_again_by_itself(root, monkeypatch):
    with exploring(None, root) as explorer:
        monkeypatch.setattr(explorer.index, "wait", lambda _: False)
        answer = TestClient(site(explorer), base_url="http://127.0.0.1").get("/samples?q=gland")
    assert answer.status_code == 503
    assert "5 of 5 samples" in answer.text
    assert 'http-equiv="refresh"' in answer.text


# models


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("answered", ["03", "04", "05"]),
        ("right", ["04"]),
        ("partly", ["03"]),
        ("wrong", ["05"]),
        ("unread", ["05"]),
        ("better", ["04"]),
        ("worse", ["03"]),
        ("differs", ["03", "04", "05"]),
    ],
)
def test_answers_are_filtered_by_what_they_are_worth(answered, answer, numbers):
    assert sorted(listed(answered, f"model=one&against=two&answer={answer}")) == numbers


def test_two_models_stand_side_by_side(answered):
    text = answered.get(f"/samples/AnEM/{id_of('03')}?model=one&against=two").text
    assert "✓ 1 hit, – 1 missed, + 1 extra" in text
    assert "✓ 2 hit, – 0 missed, + 0 extra" in text
    assert '<li class="extra"' in text
    assert "gave no answer" in answered.get(f"/samples/SciFact/{id_of('05')}?model=two").text


def test_an_evaluation_that_is_not_there_is_said(answered):
    assert "There is no evaluation three" in answered.get("/samples?model=three").text


def test_a_benchmark_has_labels_by_declaration_and_says_nothing_of_what_it_does_not_know(answered):
    assert listed(answered, "label=support") == ["05"]
    assert listed(answered, "label=induces") == ["04"]
    text = answered.get("/tasks/AnEM").text
    assert "Leaks" not in text
    assert "Rejects" not in text


# what is explored


def test_names_and_folders_of_all_kinds_are_found(root):
    place = Root(str(root))
    names = {None: "r1", "latest": "r1", "r1": "r1", "medinst32": "b1", "b1": "b1", "one": "b1"}
    folders = {str(root / "releases/r1"): "r1", str(root / "evaluations/b1/one"): "b1"}
    for name, version in {**names, **folders}.items():
        found = shown(name, place)
        assert found.version.version == version
        assert sorted(found.evaluations) == ([] if version == "r1" else ["one", "two"])
    assert shown("one", place).first == "one"
    assert shown(str(root / "evaluations/b1/one"), Root("elsewhere")).version.version == "b1"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("r2", r"did you mean `r1`\?\). The root has: half, r1, b1, cut, one, other\."),
        ("half", "half has no manifest.json.* medinst publish"),
        ("{root}", "neither manifest.json nor run.json"),
        ("{root}/evaluations/b1/half", "no run.json, so nothing says which benchmark"),
        ("{root}/evaluations/b1/cut", "not a description of an evaluation"),
        ("{root}/evaluations/b1/other", "benchmark b7, which is not in"),
    ],
)
def test_what_cannot_be_explored_is_said_with_the_next_command(tmp_path, name, words):
    fill(tmp_path)
    (tmp_path / "releases/half").mkdir()
    evaluate(tmp_path, "one", {})
    for broken, change in {"half": None, "cut": ("{", ""), "other": ('"b1"', '"b7"')}.items():
        run = evaluate(tmp_path, broken, {}) / "run.json"
        run.write_text(run.read_text().replace(*change, 1)) if change else run.unlink()
    with pytest.raises(VersionError, match=words):
        shown(name.format(root=tmp_path), Root(str(tmp_path)))


def test_an_empty_root_names_the_command_that_fills_it(tmp_path):
    with pytest.raises(VersionError, match=r"no release yet.*medinst build"):
        shown(None, Root(str(tmp_path)))


def test_an_evaluation_that_is_cut_off_or_empty_says_so(tmp_path):
    fill(tmp_path)
    log = evaluate(tmp_path, "one", ANSWERS) / "predictions.jsonl"
    log.write_bytes(log.read_bytes()[:-40])
    evaluate(tmp_path, "none", {})
    for name, words in {"one": "line 3 is not a prediction", "none": "none yet.*medinst evaluate"}.items():
        with pytest.raises(EvaluationError, match=words), exploring(name, tmp_path):
            pass
    with exploring("medinst32", tmp_path) as explorer:
        client = TestClient(site(explorer), base_url="http://127.0.0.1")
        assert "line 3 is not a prediction" in client.get("/samples?model=one").text, "the others can be looked at"


def test_versions_of_older_programs_lack_what_they_do_not_have_or_say_so(tmp_path):
    fill(tmp_path)
    folder = tmp_path / "releases" / "r1"
    said = manifest(tmp_path, "r1")
    said["files"] = {name: file for name, file in said["files"].items() if name.startswith("data/")}  # pyright: ignore
    (folder / "manifest.json").write_text(json.dumps(said))
    with exploring(None, tmp_path) as explorer:
        assert {row["leak"] for row in explorer.tasks} == {0}
    for path in folder.glob("data/*/*.parquet"):
        duckdb.sql(f"COPY (SELECT * EXCLUDE (document, category) FROM '{path}') TO '{path}.new' (FORMAT parquet)")
        Path(f"{path}.new").replace(path)
    with pytest.raises(VersionError, match=r"no column category.*medinst build"), exploring(None, tmp_path):
        pass


def test_a_folder_elsewhere_has_a_story_only_where_it_was_made(tmp_path):
    fill(tmp_path / "root")
    (tmp_path / "root/releases/r1").rename(tmp_path / "down[1]*loaded")
    with exploring(str(tmp_path / "down[1]*loaded"), tmp_path / "root") as explorer:
        client = TestClient(site(explorer), base_url="http://127.0.0.1")
        assert len(listed(client, "")) == 5
        assert "outside a root" in client.get("/why/x").text


def test_a_release_in_a_bucket_is_copied_and_shown(tmp_path):
    fill(tmp_path)
    store = fsspec.filesystem("memory")
    for path in (each for each in tmp_path.rglob("*") if each.is_file()):
        store.pipe_file(f"/explored/{path.relative_to(tmp_path).as_posix()}", path.read_bytes())
    with started(shown(None, Root("memory://explored")), define) as explorer:
        assert [row["samples"] for row in explorer.tasks] == [3, 1, 1]
