"""The emitted weekly workflow, run: stand-up, diff, dashboard, and the mirror to a GitHub of our own on loopback."""

import json
import sys

import pytest

from ...mirror.hub import TOKEN, Hub
from ...mirror.serving import serving
from .team import logs, made, runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PYTHON = "{}.{}".format(*sys.version_info[:2])
BOARD = """
dashboard = true

[tool.coverage-roadmap.board]
tracker = "github"
repository = "acme/shop"
api = "{}"
"""


@pytest.fixture(scope="module")
def hub():
    return Hub()


@pytest.fixture(scope="module")
def week(make_project, wheel, pythons, hub, tmp_path_factory):
    """All jobs of a week, once run."""
    with serving(hub) as address:
        team = made(make_project, matrix=[PYTHON], shards=1, wheel=wheel, more=BOARD.format(address))
        folder = tmp_path_factory.mktemp("actions")
        github = {"token": TOKEN}
        ended = runner(team, pythons, folder, team.git("rev-parse", "HEAD").strip(), github)
        ended.env = {**ended.env, "GITHUB_SERVER_URL": address.rsplit("/api", 1)[0]}
        ended.run(team.root / ".github/workflows/coverage-weekly.yml")
    return ended


def test_all_jobs_of_the_week_pass(week):
    assert list(week.jobs) == ["weekly", "mirror"]
    assert all(job.ok for jobs in week.jobs.values() for job in jobs), logs(week)
    assert TOKEN not in logs(week)


def test_the_stand_up_is_in_the_summary(week):
    assert "phase1" in week.jobs["weekly"][0].summary
    assert "alpha" in week.jobs["weekly"][0].summary


def test_the_week_s_diff_is_left_as_data(week):
    told = json.loads((week.folder / "artifacts" / "coverage-diff" / "coverage-diff.json").read_text(encoding="utf-8"))
    assert told["format"] == 1


def test_the_dashboard_is_left_as_a_page(week):
    page = (week.folder / "artifacts" / "coverage-dashboard" / "dashboard.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "1 run, on " in page


def test_the_board_is_mirrored_and_the_stand_up_posted(week, hub):
    titles = {number: issue["title"] for number, issue in hub.issues.items()}
    assert sorted(titles.values()) == ["Cover alpha", "Cover beta", "Coverage stand-up"]
    (posted,) = (one["body"] for one in hub.comments.values() if titles[one["issue"]] == "Coverage stand-up")
    assert "Done: alpha" in posted
    assert len(hub.pinned) == 1
