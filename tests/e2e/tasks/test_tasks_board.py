"""`board` and `targets`: a story walks over the board with real branches, and the stand-up says the same."""

import shutil
import sys

import pytest

PYTHON = "{}.{}".format(*sys.version_info[:2])
CONFIG = f"""
[tool.coverage-roadmap]
source = ["src"]
tests = ["tests"]
python = "{PYTHON}"
workers = 1

[[tool.coverage-roadmap.phases]]
name = "phase1"
fail-under = 50

[[tool.coverage-roadmap.phases.stories]]
id = "alpha"
modules = ["src/alpha.py"]
tests = ["tests/test_alpha.py"]

[[tool.coverage-roadmap.phases.stories]]
id = "beta"
modules = ["src/beta.py"]
tests = ["tests/test_beta.py"]
target = 80
"""
BETA = "def double(value):\n    return 2 * value\n\n\ndef triple(value):\n    return 3 * value\n"
FILES = {
    ".gitignore": "__pycache__/\n.pytest_cache/\n",
    "pytest.ini": "[pytest]\npythonpath = src\naddopts = -q -p no:cacheprovider\n",
    "src/alpha.py": "def one():\n    return 1\n",
    "src/beta.py": BETA,
    "src/low.py": "def low(value):\n    if value:\n        return 1\n    return 2\n",
    "tests/test_alpha.py": "from alpha import one\n\n\ndef test_one():\n    assert one() == 1\n",
    "CODEOWNERS": "src/ @org/core\nsrc/low.py @kim\n[broken\n",
}
TEST = (
    "from beta import double, triple\n\n\ndef test_double():\n    assert double(2) == 4\n\n\n"
    "def test_triple():\n    assert triple(2) == 6\n"
)


@pytest.fixture
def shop(open_project, tmp_path):
    """A committed project with a story that nobody has begun."""
    made = open_project(tmp_path / "shop")
    made.write({**FILES, "pyproject.toml": CONFIG})
    made.commit()
    return made


@pytest.fixture
def card(told):
    """The card of a key, after the stand-up was asked whether it says the same of the stories."""

    def ask(team, key):
        code, board = told(team, "board")
        assert (code, board["format"]) == (0, 1)
        topics = told(team, "standup")[1]["topics"]
        items = [item for item in topics[0]["items"] if item["mark"] != "unknown"]
        open_ = {one["about"]["story"]: one["about"]["column"] for one in items if one["mark"] == "open"}
        done = [name for one in items if one["mark"] == "ticked" for name in one["text"][6:].split(", ")]
        stories = {one["key"]: one["column"] for one in board["cards"] if one["story"]}
        assert {**open_, **dict.fromkeys(done, "Done")} == stories
        return next((one for one in board["cards"] if one["key"] == key), None)

    return ask


def test_a_story_walks_over_the_board_and_its_squashed_branch_does_not_live_on(shop, card, told):
    assert shop.run("run", "phase1", "--gate", "none").code == 0
    began = shop.record()["id"]
    beta = card(shop, "beta")
    assert (beta["column"], beta["branch"], beta["owner"]) == ("Backlog", None, None)
    assert beta["evidence"] == ["tests/test_beta.py is not on the default branch"]
    assert beta["labels"] == ["coverage-phase-1", "module:beta"]
    assert beta["suggested"] == ["@org/core"]
    assert beta["gain"] == {"missed": 4, "points": 40.0, "changes": 1, "gain": 80.0}
    low = card(shop, "src/low.py")
    assert (low["column"], low["story"], low["suggested"]) == ("Backlog", None, ["@kim"])
    assert low["evidence"] == ["0.00 % is below 50 %", "no story holds it"]

    shop.git("switch", "-qc", "coverage/beta")
    assert card(shop, "beta")["column"] == "Backlog", "a branch without anything of its own tells nothing"
    shop.write({"tests/conftest.py": "# fixtures\n"})
    shop.commit()
    beta = card(shop, "beta")
    assert (beta["column"], beta["branch"]["name"]) == ("In Progress", "coverage/beta")
    assert beta["evidence"][0] == "coverage/beta fits the pattern and changes tests/conftest.py"

    shop.write({"tests/test_beta.py": TEST})
    shop.commit()
    beta = card(shop, "beta")
    at = shop.git("rev-parse", "HEAD")[:8]
    assert (beta["column"], beta["measured"]) == ("Ready for Review", None)
    assert beta["evidence"][1] == f"coverage there unknown: no run of it is recorded, at {at}"
    assert shop.run("run", "phase1", "--story", "beta").code == 0
    measured = card(shop, "beta")["measured"]
    assert (measured["record"], measured["kind"], measured["passed"]) == (shop.record()["id"], "partial", 2)
    assert measured["modules"] == [{"path": "src/beta.py", "percent": 100.0, "target": 80.0}]

    shop.git("switch", "-q", "main")
    shop.write({"src/beta.py": f'"""Others work too."""\n{BETA}'})
    shop.commit()
    shop.git("merge", "-q", "--squash", "coverage/beta")
    shop.commit()
    beta = card(shop, "beta")
    assert (beta["column"], beta["branch"]) == ("Backlog", None)
    assert beta["evidence"] == ["none of its tests passed in the last evidence"]
    assert shop.run("run", "phase1", "--gate", "none").code == 0
    beta = card(shop, "beta")
    assert (beta["column"], beta["branch"]) == ("Done", None)
    assert beta["delta"]["records"] == [began, shop.record()["id"]]
    assert (beta["delta"]["points"], beta["delta"]["lines"], beta["delta"]["unknown"]) == (100.0, 4, None)
    (target,) = told(shop, "targets")[1]["targets"]
    assert target["key"] == "src/low.py"


def test_a_branch_of_any_name_that_changes_a_story_s_files_works_on_it(shop, card, told):
    shop.git("switch", "-qc", "feature/x|y")
    shop.write({"src/beta.py": f"{BETA}\n\ndef more():\n    return 1\n", "README.md": "words\n"})
    shop.commit()
    shop.git("switch", "-qc", "elsewhere", "main")
    shop.write({"README.md": "other words\n"})
    shop.commit()
    shop.git("switch", "-q", "main")
    beta = card(shop, "beta")
    assert (beta["column"], beta["branch"]["name"], beta["branch"]["url"]) == ("In Progress", "feature/x|y", None)
    assert beta["evidence"][0] == "feature/x|y changes src/beta.py"
    shop.git("remote", "add", "origin", "git@github.com:acme/shop.git")
    shop.git("update-ref", "refs/remotes/origin/feature/x|y", "feature/x|y")
    markdown = shop.run("board", "--format", "md").out
    assert "[feature/x\\|y](https://github.com/acme/shop/tree/feature/x%7Cy)" in markdown
    shop.git("update-ref", "refs/remotes/origin/main", "feature/x|y")
    assert told(shop, "board")[1]["notes"] == ["main lacks commits of origin/main, which are not looked at: git pull"]
    shop.git("merge", "-q", "--no-ff", "--no-edit", "feature/x|y")
    assert told(shop, "board")[1]["notes"] == []
    assert card(shop, "beta")["column"] == "Backlog"


def test_the_board_stands_between_its_markers_in_any_file(shop):
    where = shop.root / "docs" / "plan.md"
    shop.write({"docs/plan.md": "# Our plan\r\n"})
    for _ in range(2):
        ran = shop.run("board", "--write", "docs/plan.md")
        assert (ran.code, "written  docs/plan.md" in ran.out) == (0, True), ran.err
    text = where.read_bytes().decode()
    assert text.startswith("# Our plan\r\n\r\n<!-- coverage-roadmap: board -->\r\n## Board\r\n")
    assert text.count("## Board") == 1
    where.write_text(f"{text}after\n<!-- coverage-roadmap: board -->\n")
    ran = shop.run("board", "--write", "docs/plan.md")
    assert (ran.code, "its markers are broken" in ran.err) == (2, True)


def test_nothing_is_written_through_a_link_out_of_the_repository_or_into_gits_folder(shop, tmp_path):
    (tmp_path / "theirs.md").write_text("# Theirs\n")
    (shop.root / "plan.md").symlink_to(tmp_path / "theirs.md")
    settings = (shop.root / ".git/config").read_bytes()
    for words in (["board", "--write"], ["pr-summary", "--no-check", "--write"]):
        for name, told in (("plan.md", "leads out of the repository"), (".git/config", "lies in git's own folder")):
            ran = shop.run(*words, name)
            assert (ran.code, f"{name}: {told}\n  next: " in ran.err) == (2, True), ran.err
        assert shop.run(*words, str(tmp_path / "theirs.md")).code == 0, "a person may name a file outside"
    text = (tmp_path / "theirs.md").read_text()
    assert (text.count("## Board"), text.count("# Theirs")) == (1, 1)
    assert (shop.root / ".git/config").read_bytes() == settings


def test_a_module_that_was_renamed_goes_on_as_the_same_card(shop, card):
    shop.git("mv", "src/low.py", "src/deep.py")
    shop.commit()
    assert shop.run("run", "phase1", "--gate", "none").code == 0
    deep = card(shop, "src/deep.py")
    assert (deep["formerly"], deep["gain"]["changes"]) == (["src/low.py"], 2)
    assert card(shop, "src/low.py") is None


def test_without_records_a_default_branch_or_git_it_still_answers(shop, told, card):
    assert card(shop, "beta")["gain"] is None
    shop.git("switch", "-qc", "coverage/beta")
    shop.write({"tests/test_beta.py": TEST})
    shop.commit()
    shop.git("branch", "-qD", "main")
    beta = card(shop, "beta")
    assert beta["column"] == "Ready for Review"
    assert beta["evidence"][1].startswith("coverage there unknown: no run of it is recorded, at ")
    assert beta["evidence"][-1] == "not done: no default branch to look at"
    shutil.rmtree(shop.root / ".git")
    code, data = told(shop, "targets")
    assert (code, [one["key"] for one in data["targets"]]) == (0, ["alpha", "beta"])
    assert data["targets"][0]["gain"] is None
    assert card(shop, "beta")["evidence"] == ["the project is in no git repository"]
    ran = shop.run("targets", "--since", "soon")
    assert (ran.code, "--since soon: is no age and no date that is past" in ran.err) == (2, True)


def test_a_closed_phase_s_stories_are_done_by_its_record(shop, card):
    assert shop.run("run", "phase1", "--gate", "none").code == 0
    commit, record = shop.git("rev-parse", "HEAD").strip(), shop.record()["id"]
    closed = f'closed = {{ on = 2026-03-01, commit = "{commit}", record = "{record}" }}'
    shop.write({"pyproject.toml": CONFIG.replace("fail-under = 50", f"fail-under = 50\n{closed}")})
    beta = card(shop, "beta")
    assert beta["column"] == "Done"
    assert beta["evidence"] == [
        f"phase1 was closed on 2026-03-01 at {commit[:8]} by {record}",
        "since then: tests/test_beta.py is not on the default branch",
    ]
    assert beta["delta"]["unknown"] == "none of its tests passed in the last evidence"


def test_of_very_many_branches_the_newest_and_those_of_the_pattern_are_looked_at(shop, card, told):
    shop.git("switch", "-qc", "coverage/beta")
    shop.write({"tests/test_beta.py": "# to come\n"})
    shop.env["GIT_COMMITTER_DATE"] = "2001-01-01T00:00:00Z"
    shop.commit()
    del shop.env["GIT_COMMITTER_DATE"]
    shop.git("switch", "-qc", "other", "main")
    shop.write({"README.md": "words\n"})
    shop.commit()
    for number in range(200):
        (shop.root / ".git/refs/heads" / f"b{number}").write_text(shop.git("rev-parse", "other"))
    shop.git("switch", "-q", "main")
    assert card(shop, "beta")["branch"]["name"] == "coverage/beta"
    said = "1 of 201 branches are not looked at, those that moved earliest"
    assert told(shop, "board")[1]["notes"] == [said]
    assert said in [item["text"] for item in told(shop, "standup")[1]["topics"][-1]["items"]]
