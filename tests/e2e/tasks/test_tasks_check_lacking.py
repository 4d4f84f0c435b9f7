"""`check` where something lacks or is broken: git, the merge base, a measurement, a baseline that can be read."""

import json
import os
import shutil
import sys

import pytest

BASE = "coverage-baseline.json"
PYTHON = "{}.{}".format(*sys.version_info[:2])
EMPTY = "from app.core import name\n\n\ndef test_new():\n    name()\n"


def test_without_any_measurement_only_a_rule_that_needs_one_fails_where_it_is_required(branch, found):
    shutil.rmtree(branch.root / ".coverage-roadmap")
    branch.git("branch", "-qD", "coverage-history")
    branch.git("branch", "-qD", "main")
    code, told = found(branch)
    assert (code, {one.split()[0] for one in told}) == (0, {"SCOPE006", "FLOOR001", "EVIDENCE001", "LOOSE001"})
    code, told = found(branch, "--require-measurement")
    assert code == 1
    assert {one.split()[0] for one in told if one.endswith("fails")} == {"FLOOR001", "EVIDENCE001"}


def test_without_git_what_needs_it_is_unknown(branch, found):
    (branch.root / ".git").rename(branch.root.parent / "away")
    code, told = found(branch)
    assert (code, told) == (0, ["SCOPE006 pyproject.toml unknown", "LOOSE001 pyproject.toml unknown"])
    branch.write({"tests/unit/test_new.py": EMPTY})
    assert [one for one in found(branch)[1] if one.endswith("fails")] == ["TEST002 tests/unit/test_new.py:4 fails"]
    ran = branch.run("check", "--since", "main")
    assert (ran.code, "--since main: the project is in no git repository" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "words", [["bump", "--to", "60"], ["baseline"], ["close"], ["history.push"], ["check", "--since", "main"]]
)
def test_what_needs_git_tells_a_missing_git_from_a_missing_repository(branch, tmp_path, words):
    (branch.root / ".git").rename(branch.root.parent / "away")
    ran = branch.run(*words)
    assert (ran.code in (1, 2), "the project is in no git repository" in ran.err) == (True, True), ran.err
    branch.env["PATH"] = str(tmp_path)
    ran = branch.run(*words)
    assert (ran.code, "git is missing" in ran.err, "install git" in ran.err) == (3, True, True), ran.err


def test_a_commit_that_is_the_first_has_nothing_to_compare_with(branch, found):
    branch.git("checkout", "-q", "--orphan", "fresh")
    code, told = found(branch)
    assert code == 0
    assert {one.split()[0] for one in told} >= {"SCOPE006", "LOOSE001"}


@pytest.fixture
def shallow(branch, open_project):
    """A clone of the branch's last commit alone."""
    branch.write({"notes.txt": "one"})
    branch.commit()
    branch.git("switch", "-q", "main")
    branch.git("clone", "-q", "--depth", "1", "--branch", "feature", branch.root.as_uri(), "../shallow")
    return open_project(branch.root.parent / "shallow")


def test_a_shallow_clone_without_the_merge_base_is_unknown_and_says_what_to_fetch(shallow, told):
    code, data = told(shallow, "check")
    by_rule = {one["rule"]: one for one in data["findings"]}
    fetch = "git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main"
    assert code == 0
    for rule in ("SCOPE006", "LOOSE001"):
        assert (by_rule[rule]["state"], fetch in by_rule[rule]["text"]) == ("unknown", True)
    assert by_rule["EVIDENCE001"]["state"] == "unknown"
    code, data = told(shallow, "check", "--require-measurement")
    assert code == 1
    assert {one["rule"] for one in data["findings"] if one["fails"]} == {"EVIDENCE001", "FLOOR001"}
    ran = shallow.run("check", "--since", "main")
    assert (ran.code, "next: git fetch --unshallow" in ran.err) == (2, True)


def test_what_a_shallow_clone_is_told_to_fetch_is_enough(shallow, told, found, edit):
    text = told(shallow, "check")[1]["findings"][0]["text"]
    shallow.git(*text.partition(": git ")[2].split())
    assert {one.split()[0] for one in found(shallow)[1]} == {"EVIDENCE001", "FLOOR001"}
    edit(shallow, ".coveragerc", "none", "src/app/alpha.py")
    assert found(shallow)[0] == 1


BROKEN = {
    "malformed": (lambda text: "not json", "is no whole baseline"),
    "truncated": (lambda text: text[: len(text) // 2], "is no whole baseline"),
    "in conflict": (lambda text: text.replace("{\n", "{\n<<<<<<< HEAD\n", 1), "has a conflict marker"),
    "newer": (lambda text: text.replace('"format": 0', '"format": 9'), "is of format 9, made by a newer"),
    "edited": (lambda text: text.replace('"missing": 1}', '"missing": 3}'), "was edited by hand"),
    "another's": (lambda text: text.replace('"project": "."', '"project": "other"'), "is of another project: other by"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_baseline_is_a_finding_that_says_what_is_wrong(branch, told, case):
    breaks, said = BROKEN[case]
    (branch.root / BASE).write_text(broken := breaks((branch.root / BASE).read_text()))
    code, data = told(branch, "check")
    assert code == 1
    one = next(one for one in data["findings"] if one["rule"] == "LOOSE003")
    assert (one["file"], said in one["text"], one["fails"]) == (BASE, True, True)
    assert (branch.root / BASE).read_text() == broken


def test_the_line_of_a_conflict_marker_is_named(branch, found):
    path = branch.root / BASE
    path.write_text(path.read_text().replace("{\n", "{\n<<<<<<< HEAD\n", 1))
    assert f"LOOSE003 {BASE}:2 fails" in found(branch)[1]


def test_a_baseline_that_adds_up_and_is_not_what_its_record_gives_is_found(branch, told):
    path = branch.root / BASE
    base = json.loads(path.read_text())
    base["files"]["src/app/alpha.py"]["missing"] = 3
    base["packages"]["src/app"]["missing"] = 7
    base["totals"]["counts"]["missing"] = 7
    path.write_text(json.dumps(base))
    code, data = told(branch, "check")
    texts = {one["rule"]: one["text"] for one in data["findings"] if one["fails"]}
    assert code == 1
    assert texts["LOOSE003"].startswith("src/app/alpha.py is not what its record ")
    assert texts["LOOSE002"].startswith("src/app/alpha.py: lines 83.33 %, 1 missed -> lines 50.00 %")


def test_a_file_that_may_hold_a_site_and_cannot_be_read_is_said(branch, told):
    (branch.root / "Makefile").write_bytes(b"#" * (8 * 2**20 + 1))
    code, data = told(branch, "check")
    (one,) = [one for one in data["findings"] if one["file"] == "Makefile"]
    assert (code, one["rule"], "is larger than 8 MiB" in one["text"]) == (0, "DRIFT003", True)


def test_files_with_hostile_names_and_contents_are_no_crash(branch):
    odd = branch.root / "tests" / "unit" / os.fsdecode(b"test_\xff\n::error::x.py")
    odd.write_bytes(b"\xff\xfe def test(:\n")
    (branch.root / "Makefile").write_bytes(b"test:\n\tpytest --cov-fail-under=40 \xff\n")
    (branch.root / "tests/unit/test_loop.py").symlink_to("test_loop.py")
    for form in ("table", "md", "json", "github"):
        ran = branch.run("check", "--format", form)
        assert (ran.code, "Traceback" in ran.err) == (1, False), ran.err
        assert not [line for line in ran.out.splitlines() if line.startswith("::error::x")]


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        ("", "unknown", "there is no Python 3.99 here to ask"),
        ("[true]", "unknown", "Python 3.99 parses it"),
        ("[false]", "found", "and Python 3.99"),
    ],
)
def test_a_file_that_ours_does_not_parse_is_asked_of_the_python_that_measures(branch, edit, told, answer, state, said):
    edit(branch, "pyproject.toml", f'python = "{PYTHON}"', 'python = "3.99"')
    branch.write({"tests/unit/test_new.py": "def test_new(:\n"})
    if answer:
        other = branch.root.parent / "bin" / "python3.99"
        other.parent.mkdir()
        other.write_text(f"#!/bin/sh\necho '{answer}'\n")
        other.chmod(0o755)
        branch.env["PATH"] = f"{other.parent}{os.pathsep}{branch.env['PATH']}"
    (one,) = [one for one in told(branch, "check")[1]["findings"] if one["rule"] == "TEST001"]
    assert (one["state"], one["line"], said in one["text"]) == (state, 1, True)
