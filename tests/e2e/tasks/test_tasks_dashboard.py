"""`dashboard`: one file of HTML, made of the real records; only a dashboard of ours is replaced."""

import re
import shutil
from datetime import datetime

import pytest

USUAL = ".coverage-roadmap/dashboard.html"


def text_of(path):
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def test_the_task_writes_a_page_into_the_cache_and_says_where(team, invoke):
    done = invoke(team, "dashboard")
    assert done.returncode == 0, done.stderr
    assert done.flat.startswith("Dashboard written ")
    assert done.flat.replace(" ", "").count(USUAL) == 1
    assert team.git("status", "--porcelain", "--", USUAL) == ""
    seen = text_of(team.root / USUAL)
    record = team.record()
    counts = record["totals"]
    covered = counts["statements"] - counts["missing"]
    assert f"58.33 % {covered} of {counts['statements']} lines" in seen
    began = datetime.fromisoformat(record["provenance"]["started"])
    assert f"evidence {began:%Y-%m-%d %H:%M} UTC, {record['id']}" in seen
    assert "1 run, on " in seen
    assert "tests/unit/test_alpha.py" in seen


def test_two_comparable_runs_are_one_line_and_what_moved_is_told(team, told, forge, tmp_path):
    forge(team, -24 * 9, tree="old", totals__missing=9, provenance__commit=None)
    code, data = told(team, "dashboard", "--write", str(tmp_path / "page.html"))
    assert code == 0
    (line,) = data["trend"]
    assert [point["total"]["covered"] for point in line["points"]] == [3, 7]
    assert (line["apart"], data["record"]) == ([], line["points"][-1]["record"])
    assert [one["path"] for one in data["packages"]] == ["src/app"]
    assert [one["path"] for one in data["below"]] == ["src/app/beta.py"]
    assert "2 runs since" in text_of(tmp_path / "page.html")


def test_a_run_of_another_scope_is_told_apart(team, told, forge):
    forge(team, -24 * 9, scope__omit=["src/app/beta.py"])
    _, data = told(team, "dashboard")
    assert [len(line["points"]) for line in data["trend"]] == [1, 1]
    assert "omit patterns" in data["notes"][0]


def test_the_trend_begins_when_it_is_told_to(team, told, forge):
    forge(team, -24 * 9)
    assert [line["records"] for line in told(team, "dashboard", "--trend-since", "2d")[1]["trend"]] == [1]
    assert [line["records"] for line in told(team, "dashboard", "--trend-since", "3w")[1]["trend"]] == [2]
    ran = team.run("dashboard", "--trend-since", "soon")
    assert ran.code == 2
    assert "--trend-since soon: is no age" in ran.err


def test_a_page_of_ours_is_replaced_and_no_other(team, forge):
    assert team.run("dashboard", "--write", "public.html").code == 0
    first = (team.root / "public.html").read_text()
    forge(team, -1)
    assert team.run("dashboard", "--write", "public.html").code == 0
    assert (team.root / "public.html").read_text() != first
    (team.root / "own.html").write_text("<!doctype html>\n<p>by hand</p>\n")
    ran = team.run("dashboard", "--write", "own.html")
    assert ran.code == 2
    assert "own.html: is no dashboard of ours" in ran.err
    assert "next: name another file" in ran.err
    assert (team.root / "own.html").read_text() == "<!doctype html>\n<p>by hand</p>\n"
    (team.root / USUAL).write_text("by hand")
    assert f"{USUAL}: is no dashboard of ours" in team.run("dashboard").err


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [(".git/page.html", 2, "git's own folder"), ("none/page.html", 3, "make its folder"), ("src", 2, "no file")],
)
def test_where_it_cannot_be_written_is_said(team, name, code, why):
    ran = team.run("dashboard", "--write", name)
    assert (ran.code, ran.out) == (code, "")
    assert why in ran.err
    assert "Traceback" not in ran.err


def test_without_any_record_and_without_git_what_is_not_known_is_said(team, told):
    shutil.rmtree(team.root / ".coverage-roadmap")
    shutil.rmtree(team.root / ".git")
    code, data = told(team, "dashboard")
    assert (code, data["total"], data["trend"], data["packages"]) == (0, None, [], [])
    seen = text_of(team.root / USUAL)
    assert "Total unknown no full run of phase1 on the canonical leg is recorded" in seen
    assert "0.00 %" not in seen


def test_it_is_quiet_where_each_warning_is_an_error(team, invoke):
    done = invoke(team, "dashboard", env={"PYTHONWARNINGS": "error"})
    assert (done.returncode, done.stderr) == (0, "")


def test_without_its_extra_it_says_what_to_install(team, invoke, tmp_path):
    (tmp_path / "jinja2.py").write_text("raise ModuleNotFoundError(\"No module named 'jinja2'\", name='jinja2')\n")
    done = invoke(team, "dashboard", env={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (3, "")
    assert "dashboard: jinja2 is not installed" in done.stderr
    assert "pip install 'coverage-roadmap[dashboard]'" in done.stderr
    assert not (team.root / USUAL).exists()
