"""`pr-summary` as a team uses it: on a branch, in CI, and where something is missing."""

import json
import shutil
import subprocess
import sys

import pytest

MORE = "\n\ndef worse(value):\n    if value:\n        return 1\n    return grade(value)\n"
TEST = "from app.alpha import grade, worse\n\n\ndef test_worse():\n    assert worse(0) == 'low'\n"
BEGIN, END = "<!-- coverage-roadmap: pr-summary -->", "<!-- coverage-roadmap: end of pr-summary -->"
GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop"}


@pytest.fixture(scope="module")
def changed_once(measured_once, measured, open_project, tmp_path_factory):
    """A branch that adds a function of four lines to alpha.py, of which a new test covers three; measured."""
    root = tmp_path_factory.mktemp("changed") / "project"
    shutil.copytree(measured_once.root, root, symlinks=True)
    team = open_project(root)
    team.git("switch", "-qc", "feature")
    team.write({"src/app/alpha.py": (team.root / "src/app/alpha.py").read_text() + MORE})
    team.write({"tests/unit/test_worse.py": TEST})
    measured(team)
    return team


@pytest.fixture
def change(changed_once, open_project, tmp_path):
    """A copy of that branch, to be changed at will."""
    shutil.copytree(changed_once.root, tmp_path / "project", symlinks=True)
    return open_project(tmp_path / "project")


def test_the_summary_of_a_measured_branch(change, told):
    change.env.update(GITHUB)
    code, data = told(change, "pr-summary")
    head = change.git("rev-parse", "HEAD").strip()
    assert (code, data["head"], data["base"]) == (0, head, change.git("rev-parse", "main").strip())
    assert (data["before"]["of"], data["after"]["of"]) == ("the merge base", "HEAD")
    assert data["patch"]["total"] == {"covered": 3, "total": 4, "percent": 75.0}
    address = f"https://github.com/acme/shop/blob/{head}/src/app/alpha.py#L11"
    assert data["uncovered"] == [{"file": "src/app/alpha.py", "first": 11, "last": 11, "url": address}]
    (module,) = data["modules"]
    assert (module["module"], module["stories"], module["dip"]) == ("src/app/alpha.py", ["alpha (phase1)"], None)
    assert data["phase"]["phase"] == "phase1"
    assert data["documented"] == [], "phase2 is not running, and the change does not touch its story"
    assert (data["failing"], data["warnings"]) == ([], [])
    markdown = change.run("pr-summary", "--format", "md").out
    assert f"[src/app/alpha.py:11]({address})" in markdown
    assert "75.00 % (3 of 4 changed lines)" in markdown


def test_what_fails_the_check_is_named_unless_it_is_left_out(change, told, edit):
    edit(change, ".coveragerc", "omit = none", "omit = src/app/beta.py")
    _, data = told(change, "pr-summary")
    assert any(one["rule"].startswith("SCOPE") for one in data["failing"])
    assert told(change, "pr-summary", "--no-check")[1]["failing"] is None


def test_a_body_is_written_in_place_and_the_job_s_summary_too(change):
    body = change.root.parent / "body.md"
    body.write_bytes(b"What it does.\r\n\r\nWhy, in @words.")
    step = change.root.parent / "step.md"
    change.env["GITHUB_STEP_SUMMARY"] = str(step)
    assert change.run("pr-summary", "--write", str(body)).code == 0
    once = body.read_bytes()
    assert once.startswith(b"What it does.\r\n\r\nWhy, in @words.\r\n\r\n" + BEGIN.encode() + b"\r\n## Coverage")
    assert once.endswith(END.encode())
    assert step.read_text().count(BEGIN) == 1
    body.write_bytes(once.replace(b"75.00", b"99.99") + b"\r\nafter")
    assert change.run("pr-summary", "--write", str(body)).code == 0
    assert body.read_bytes() == once + b"\r\nafter"
    assert step.read_text().count(BEGIN) == 1
    body.write_bytes(once + once)
    ran = change.run("pr-summary", "--write", str(body))
    assert ran.code == 2
    assert "its markers are broken" in ran.err
    assert body.read_bytes() == once + once


@pytest.mark.parametrize(("demanded", "code"), [("75", 0), ("75.01", 1)])
def test_patch_coverage_is_gated_exactly(change, demanded, code):
    ran = change.run("pr-summary", "--fail-under", demanded)
    assert (ran.code, "75.00 % (3 of 4 changed lines)" in ran.out) == (code, True)


def test_without_a_measurement_of_the_change_the_gate_is_unknown_and_fails(change, told):
    change.write({"src/app/core.py": "def name():\n    return 'cores'\n"})
    change.commit()
    code, data = told(change, "pr-summary", "--fail-under", "0")
    assert (code, data["gate"]["answer"]) == (1, "unknown")
    assert "stale, source" in data["patch"]["unknown"]
    assert "unknown" in data["after"]


def test_what_is_not_committed_is_left_out_where_head_was_measured(change, told):
    change.write({"src/app/core.py": "def name():\n    return 'cores'\n"})
    code, data = told(change, "pr-summary")
    assert (code, data["patch"]["total"]["total"]) == (0, 4)
    assert data["warnings"] == ["HEAD was measured, and the work tree is not HEAD: what is not committed is left out"]


def test_a_change_without_measured_lines_passes_and_says_so(team):
    team.git("switch", "-qc", "docs")
    team.write({"README.md": "words\n"})
    team.commit()
    ran = team.run("pr-summary", "--fail-under", "100")
    assert ran.code == 0
    assert "patch coverage  unknown: no changed line is measured" in ran.out
    assert "100.00 %" not in ran.out


@pytest.fixture
def reported(change):
    """The branch with a report of coverage's own beside it."""
    words = ["-m", "pytest", "--cov=src", "--cov-fail-under=0", "--cov-report=json:../c.json", "tests/unit"]
    words += ["--ignore=tests/unit/test_beta.py"]
    subprocess.run([sys.executable, *words], cwd=change.root, env=change.env, check=True, capture_output=True)
    return change


def test_a_coverage_json_tells_the_same_as_the_record(reported, told):
    _, by_record = told(reported, "pr-summary")
    code, by_report = told(reported, "pr-summary", "--coverage", "../c.json")
    assert code == 0
    assert by_report["patch"] == by_record["patch"]
    assert by_report["uncovered"] == by_record["uncovered"]
    reported.write({"src/app/new.py": "x = 1\n"})
    _, data = told(reported, "pr-summary", "--coverage", "../c.json")
    assert data["warnings"] == ["1 new file left out, since git does not know them, such as src/app/new.py: git add -N"]
    reported.git("add", "-N", "src/app/new.py")
    _, data = told(reported, "pr-summary", "--coverage", "../c.json")
    assert data["patch"]["unmeasured"] == ["src/app/new.py"]
    assert "../c.json is older than 1 changed file, such as src/app/new.py: it may be stale" in data["warnings"]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 2, "is no file"),
        ("{", 3, "is no coverage.json"),
        ('{"meta": {"format": 3}, "files": {"lib/x.py": %s}}', 3, "none of the project's files: its first is lib/x.py"),
        ('{"meta": {"format": 3}, "files": {}}', 1, "holds no file"),
    ],
)
def test_a_report_that_tells_nothing_of_the_project_is_said(team, content, code, said):
    one = {"executed_lines": [1], "missing_lines": [], "summary": {"num_statements": 1, "missing_lines": 0}}
    if content:
        (team.root / "c.json").write_text(content.replace("%s", json.dumps(one)))
    ran = team.run("pr-summary", "--coverage", "c.json", "--fail-under", "1")
    assert ran.code == code
    assert said in ran.out + ran.err


def test_without_git_without_a_commit_and_in_a_shallow_clone_it_is_said_what_lacks(change, open_project, told):
    clone = open_project(change.root.parent / "clone")
    change.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{change.root}", str(clone.root))
    clone.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    code, data = told(clone, "pr-summary")
    fetch = "git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main"
    assert (code, fetch in data["patch"]["unknown"], fetch in data["before"]["unknown"]) == (0, True, True)
    ran = clone.run("pr-summary", "--since", "main~1")
    assert (ran.code, "next: git fetch --unshallow" in ran.err) == (2, True)
    shutil.rmtree(clone.root / ".git")
    code, data = told(clone, "pr-summary", "--fail-under", "1")
    assert (code, data["patch"]["unknown"]) == (1, "the project is in no git repository")
    clone.git("init", "-q", "-b", "main")
    code, data = told(clone, "pr-summary")
    assert (code, data["patch"]["unknown"], data["head"]) == (0, "there is no commit yet", None)


def test_a_documented_story_is_recorded_and_met_once_it_is_merged(team, told, edit):
    def documented():
        criteria = told(team, "exit-check", "--phase", "phase2")[1]["criteria"]
        return next((c["answer"], c["reason"]) for c in criteria if c["question"] == "documented in a PR")

    assert documented() == ("unknown", "no pull request summary is recorded")
    refused = team.run("pr-summary", "--record")
    assert (refused.code, "a story that this change touches" in refused.err) == (2, True)
    team.git("switch", "-qc", "feature")
    edit(team, "tests/unit/test_beta.py", "import double", "import double, triple")
    edit(team, "tests/unit/test_beta.py", "== 4", "== 4\n    assert triple(2) == 6")
    team.commit()
    refused = team.run("pr-summary", "--record")
    assert (refused.code, "not every module of beta is measured" in refused.err) == (1, True)
    assert team.run("run", "phase2").code == 0
    team.write({"src/app/core.py": "x = 1\n"})
    assert "the work tree is not what is committed: src/app/core.py" in team.run("pr-summary", "--record").err
    team.git("checkout", "-q", ".")
    code, data = told(team, "pr-summary", "--record")
    assert (code, data["recorded"]["stories"]) == (0, ["beta"])
    assert data["documented"][0]["tests"] == [{"test": "tests/unit/test_beta.py", "outcome": "1 passed"}]
    head = team.git("rev-parse", "--short=8", "HEAD").strip()
    assert documented() == ("not met", f"recorded at {head}, which is not merged")
    team.git("switch", "-q", "main")
    team.git("merge", "-q", "--squash", "feature")
    team.git("commit", "-qm", "squashed")
    assert documented() == ("met", f"beta at {head}")


def test_names_of_any_kind_reach_no_view_unescaped(team, told, measured):
    names = ["a|b.py", "c`d`.py", "<script>alert(1).py", "@team.py", "line\nend.py", "\x1b[31mred.py", "\u202ertl.py"]
    team.git("switch", "-qc", "feature")
    team.write({f"src/app/{name}": "x = 1\n\n\ndef f():\n    return 1\n" for name in names})
    measured(team)
    _, data = told(team, "pr-summary")
    unmeasured = ["src/app/<script>alert(1).py", "src/app/@team.py"]  # coverage.py looks for no such names
    assert data["patch"]["unmeasured"] == unmeasured
    assert {f"src/app/{name}" for name in names} == {*unmeasured, *(one["module"] for one in data["modules"])}
    for form in ("table", "md"):
        out = team.run("pr-summary", "--format", form).out
        assert not {"\x1b", "\u202e"} & set(out)
        assert "end.py" in out
        assert "line\nend" not in out
    assert "<script>" not in out.replace("\\<script\\>", "")
    assert "@team" not in out


def test_removed_renamed_and_binary_files_have_no_changed_lines(team, told, measured):
    team.git("switch", "-qc", "feature")
    team.git("mv", "src/app/beta.py", "src/app/gamma.py")
    team.git("mv", "src/app/core.py", "src/app/name.py")
    team.write(
        {"tests/unit/test_core.py": "from app.name import name\n\n\ndef test_name():\n    assert name() == 'core'\n"}
    )
    (team.root / "src/app/logo.png").write_bytes(b"\0\1")
    measured(team)
    _, data = told(team, "pr-summary")
    assert (data["patch"]["total"]["total"], data["patch"]["unmeasured"]) == (0, [])
    assert data["modules"] == []
