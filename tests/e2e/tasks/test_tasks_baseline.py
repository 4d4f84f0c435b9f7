"""`baseline`: from the running phase's evidence or not at all; and it prints where a roadmap begins."""

import os

import pytest

FILE = "coverage-baseline.json"


def test_it_holds_scope_floors_tests_and_provenance_of_the_evidence(team, base_of):
    assert team.run("baseline").code == 0
    base, record = base_of(team), team.record()
    assert base["files"] == {
        "src/app/__init__.py": {},
        "src/app/alpha.py": {"statements": 6, "missing": 1},
        "src/app/beta.py": {"statements": 4, "missing": 4},
        "src/app/core.py": {"statements": 2},
    }
    assert base["packages"]["src/app"]["missing"] == 5
    assert base["tests"] == {
        "tests/unit/test_alpha.py": {"collected": 2, "passed": 2, "skipped": 0},
        "tests/unit/test_core.py": {"collected": 1, "passed": 1, "skipped": 0},
    }
    assert (base["scope"]["source"], base["scope"]["omit"], base["scope"]["branch"]) == (["src"], ["none"], False)
    assert any("pragma" in pattern for pattern in base["scope"]["exclude"])
    (evidence,) = base["evidence"]
    assert (evidence["record"], evidence["commit"]) == (record["id"], record["provenance"]["commit"])
    assert (evidence["phase"], evidence["selection"]) == ("phase1", record["selection"])


def test_it_is_not_written_through_a_link_out_of_the_repository(team):
    outside = team.root.parent / "theirs.json"
    (team.root / FILE).symlink_to(outside)
    ran = team.run("baseline")
    assert (ran.code, f"{FILE}: leads out of the repository" in ran.err) == (2, True), ran.err
    assert not outside.exists()


def test_the_snapshot_of_week_0_is_markdown(team, invoke):
    shown = invoke(team, "baseline")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("## Baseline Snapshot (Week 0)\n")
    for line in (
        "- **threshold**: 40 %, in .coveragerc:4, pyproject.toml:9, pyproject.toml:12, pytest.ini:3,",
        "- **total**: 58.33 % (7 of 12 lines)",
        "- **tests**: 3 passed, 0 skipped, 0 failed",
        "- **flaky**: none, in 1 run of this measured tree",
        "| src/app | 58.33 | 5 |",
        "| src/app/beta.py | 0.00 | 4 | | src/app/alpha.py | 83.33 | 1 |",
        "+++ b/coverage-baseline.json",
    ):
        assert line in shown.flat


def test_a_second_one_changes_nothing_and_one_after_its_commit_neither(team, told):
    assert told(team, "baseline")[1]["written"]
    before = (team.root / FILE).stat()
    for _ in range(2):
        code, data = told(team, "baseline")
        assert (code, data["written"]) == (0, False)
        after = (team.root / FILE).stat()
        assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
        team.commit()


def test_a_dry_run_shows_it_and_writes_nothing(team, told):
    code, data = told(team, "baseline", "--dry-run")
    assert (code, data["written"], data["floors"]) == (0, False, 4)
    assert f"+++ b/{FILE}" in team.run("baseline", "--dry-run").out
    assert not (team.root / FILE).exists()


def test_a_flaky_test_is_one_with_both_outcomes_at_one_measured_tree(team, forge, told):
    test = "tests/unit/test_core.py::test_name"
    forge(team, -1, outcomes__failed=[{"id": test, "when": "call"}])
    assert told(team, "baseline")[1]["snapshot"]["flaky"] == [test]
    forge(team, -2, tree="other", outcomes__failed=[{"id": "tests/unit/test_alpha.py::test_high", "when": "call"}])
    assert told(team, "baseline")[1]["snapshot"]["flaky"] == [test]


def _stale(team):
    team.write({"src/app/core.py": "def name():\n    return 'nuclear'\n"})
    team.commit()


def _forget(team):
    team.git("branch", "-qD", "coverage-history")
    for folder in (team.root / ".coverage-roadmap/runs").iterdir():
        (folder / "summary.json").unlink()


REFUSED = {
    "no run": (_forget, {}, "no run is recorded"),
    "partial": (None, {"kind": "partial", "reasons": ["1 collected test did not run"]}, "the run is partial: 1 collec"),
    "failed": (None, {"kind": "failed", "reasons": ["pytest could not finish"]}, "the run is failed"),
    "timed out": (None, {"kind": "timed-out", "reasons": ["the time limit came"]}, "the run is timed-out: the time"),
    "dirty": (None, {"provenance__head__source": "0" * 16}, "source differ from the commit"),
    "another leg": (None, {"provenance__leg__canonical": False}, "is not the canonical leg"),
    "narrowed": (None, {"provenance__arguments": ["-k", "high"]}, "narrowed by hand (-k high)"),
    "another selection": (None, {"selection": "0" * 12}, "of another selection of tests"),
    "stale": (_stale, {}, "is stale, source changed since"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_but_evidence_at_head_is_refused_and_says_why(team, forge, case):
    change, forged, why = REFUSED[case]
    if forged:
        forge(team, 1, **forged)
        real = min((team.root / ".coverage-roadmap/runs").iterdir(), key=lambda run: (run / "forged").exists())
        team.git("branch", "-qD", "coverage-history")
        (real / "summary.json").unlink()
    if change:
        change(team)
    ran = team.run("baseline")
    assert ran.code == 1, ran.out + ran.err
    assert why in ran.err
    assert "next: commit, then run it whole: nox -s phase1" in ran.err
    assert not (team.root / FILE).exists()


def test_the_newest_evidence_counts_though_a_later_run_was_none(team, forge, base_of):
    forge(team, 1, kind="timed-out", reasons=["the time limit came"])
    assert team.run("baseline").code == 0
    assert base_of(team)["evidence"][0]["record"] == min(r["id"] for r in team.records())


def test_without_git_or_a_commit_no_run_is_evidence(team):
    team.git("checkout", "-q", "--orphan", "fresh")
    assert "there is no commit yet, so no run is evidence" in team.run("baseline").err
    (team.root / ".git").rename(team.root.parent / "away")
    ran = team.run("baseline")
    assert (ran.code, "the project is in no git repository" in ran.err) == (1, True), ran.err


def test_a_lost_per_file_part_is_said(team):
    for detail in (team.root / ".coverage-roadmap/runs").glob("*/detail.json"):
        detail.write_text("{")
    team.git("branch", "-qD", "coverage-history")
    ran = team.run("baseline")
    assert (ran.code, "per-file part cannot be read" in ran.err) == (3, True)


def test_pragmas_and_files_that_are_not_measured_are_named_with_their_places(team, edit, base_of, measured):
    edit(team, "src/app/beta.py", "def triple(value):", "def triple(value):  # pragma: no cover")
    edit(team, ".coveragerc", "omit = none", "omit = src/app/hidden/*")
    team.write({"src/app/hidden/old.py": "x = 1\n", "src/app/data.txt": "", "src/app/untracked.py": "x = 1\n"})
    team.write({".gitignore": "__pycache__/\nsrc/app/untracked.py\n"})
    (team.root / "src/app/hidden" / os.fsdecode(b"\xff.py")).write_text("x = 1\n")
    measured(team)
    assert team.run("baseline").code == 0
    base = base_of(team)
    assert base["pragmas"] == {"src/app/beta.py": [5]}
    assert base["totals"]["pragmas"] == 1
    assert base["files"]["src/app/beta.py"]["excluded"] == 2
    assert base["unmeasured"] == ["src/app/hidden/\\udcff.py", "src/app/hidden/old.py"]


BROKEN = {
    "truncated": (lambda text: text[: len(text) // 2], 3, "is no whole baseline"),
    "empty": (lambda text: "", 3, "is no whole baseline"),
    "newer": (lambda text: text.replace('"format": 0', '"format": 9'), 3, "made by a newer coverage-roadmap"),
    "in conflict": (lambda text: text.replace("{\n", "{\n<<<<<<< HEAD\n", 1), 3, f"{FILE}:2: has a conflict marker"),
    "edited": (lambda text: text.replace('"missing": 1}', '"missing": 3}'), 3, "was edited by hand"),
    "another's": (lambda text: text.replace('"project": "."', '"project": "other"'), 1, "is of another project"),
    "another's files": (lambda text: text.replace("src/app", "lib/app"), 1, "is of another project"),
}


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_one_is_said_and_left_as_it_is(based, case, committed):
    breaks, code, said = BROKEN[case]
    path = based.root / FILE
    path.write_text(broken := breaks(path.read_text()))
    if committed:
        based.commit()
        path.unlink()
    ran = based.run("baseline")
    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (code, True, False), ran.err
    assert "next: " in ran.err
    assert path.exists() is not committed
    if not committed:
        assert path.read_text() == broken


def test_a_project_below_the_git_root_has_a_baseline_of_its_own(team, open_project, base_of):
    inner = team.root.parent / "top" / "apps" / "one"
    inner.parent.mkdir(parents=True)
    team.root.rename(inner)
    (inner / ".git").rename(inner.parents[1] / ".git")
    inside = open_project(inner)
    open_project(inner.parents[1]).commit()
    ran = inside.run("run", "phase1", "--gate", "none")
    assert inside.run("baseline").code == 0, ran.out + ran.err
    base = base_of(inside)
    assert (base["project"], base["config"]) == ("apps/one", "apps/one/pyproject.toml")
    assert not (inner.parents[1] / FILE).exists()


def test_a_source_that_is_the_whole_project_stays_evidence_when_the_baseline_is_committed(team, edit, told, measured):
    edit(team, "pyproject.toml", '["src"]', '["."]')
    measured(team)
    assert told(team, "baseline")[1]["written"]
    team.commit()
    code, data = told(team, "baseline")
    assert (code, data["written"]) == (0, False)


def test_a_baseline_where_every_phase_is_closed_is_the_last_ones(team, edit):
    record = team.record()
    closed = f'closed = {{ on = 2026-01-01, commit = "{record["provenance"]["commit"]}", record = "{record["id"]}" }}'
    edit(team, "pyproject.toml", 'name = "phase2"', f'name = "phase2"\n{closed}')
    edit(team, "pyproject.toml", 'name = "phase1"', f'name = "phase1"\n{closed}')
    team.commit()
    ran = team.run("baseline")
    assert (ran.code, "phase2: there is no evidence of it at HEAD: no run is recorded" in ran.err) == (1, True)
