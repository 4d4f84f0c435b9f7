"""One clean run: what is shown, what is recorded, and that the figures are plain pytest's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def climbed(make_project):
    """A project whose phase zero and phase1 have run; with the state of git before."""
    project = make_project()
    project.git("tag", "before")
    project.write({"notes.txt": "staged"})
    project.git("add", "notes.txt")
    before = _state(project)
    zero = project.run("run", "phase0")
    return project, before, zero, project.run("run", "phase1")


def _state(project):
    return {word: project.git(*word.split()) for word in ("status --porcelain", "rev-parse HEAD", "ls-files -s")}


def test_a_phase_that_meets_its_fail_under_ends_with_0_and_shows_each_part(climbed):
    ran = climbed[3]
    assert ran.code == 0
    assert ran.err == ""
    assert re.search(r"test session starts.*3 passed.*\nphase1 +First step\n", ran.out, re.S)
    assert ran.value("phase1") == "First step"
    assert ran.value("total") == "58.33 % (7 of 12 lines), fail-under 50: met"
    assert ran.value("phase zero") == "16.66 % without the stories' tests, +41.66 points since"
    assert ran.value("tests") == "3 passed"
    assert ran.value("run").startswith("full, evidence; Python")
    assert re.search(r"^  src/app/alpha.py +83.33 +50.00 +1 +0$", "\n".join(ran.report), re.M)
    assert re.search(r"^  met +green: 3 passed$", "\n".join(ran.report), re.M)
    assert ran.value("next")
    assert ran.value("record") == f".coverage-roadmap/runs/{climbed[0].record()['id']}"


def test_phase_zero_has_no_gate_no_stories_and_no_criteria(climbed):
    zero = climbed[2]
    assert zero.code == 0
    assert zero.value("total") == "16.66 % (2 of 12 lines)"
    assert zero.value("tests") == "1 passed"
    assert "exit criteria" not in "\n".join(zero.report)
    assert "story and module" not in "\n".join(zero.report)


def test_the_record_says_all_about_its_origin(climbed):
    project = climbed[0]
    record = project.record()
    where = record["provenance"]
    assert (record["kind"], record["reasons"], record["phase"]) == ("full", [], "phase1")
    assert record["totals"]["statements"] == 12
    assert record["outcomes"]["passed"] == record["outcomes"]["collected"] == 3
    assert where["commit"] == project.git("rev-parse", "HEAD").strip()
    assert where["branch"] == "main"
    assert where["leg"] == {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "implementation": sys.implementation.name,
        "canonical": True,
    }
    assert {"python", "pytest", "pytest-cov", "coverage", "coverage-roadmap"} <= set(where["versions"])
    assert where["head"] == record["tree"]
    assert set(record["tree"]) == {"source", "tests", "requirements", "settings"}
    assert all(record["tree"].values())
    assert re.fullmatch(r"[0-9a-f]{12}", record["selection"])
    assert (where["workers"], where["exit_status"], where["config"]) == (1, 0, "pyproject.toml")
    assert where["core"] in ("ctrace", "sysmon", "pytrace")
    assert where["arguments"] == where["overridden"] == where["dirty"] == []
    assert where["started"].endswith("+00:00")
    assert where["seconds"] > 0
    assert where["platform"]
    assert where["ci"] is False
    assert record["scope"] == {
        **{"source": ["src"], "include": [], "omit": [], "branch": False, "files": 4},
        "exclude": record["scope"]["exclude"],
    }


def test_phase_zero_and_the_phases_have_selections_of_their_own(climbed):
    assert len({record["selection"] for record in climbed[0].records()}) == 2


def test_the_history_branch_holds_the_record_and_nothing_else_of_git_changes(climbed):
    project, before = climbed[0], climbed[1]
    names = project.history()
    for record in project.records():
        month = f"{record['id'][:4]}-{record['id'][4:6]}"
        path = next(name for name in names if name.endswith(f"{month}/{record['id']}.summary.json"))
        assert json.loads(project.git("show", f"coverage-history:{path}")) == record
        assert path.replace(".summary.", ".detail.") in names
    assert project.git("merge-base", "--all", "main", "before").strip() == project.git("rev-parse", "main").strip()
    assert subprocess.run(
        ["git", "merge-base", "main", "coverage-history"], cwd=project.root, capture_output=True, check=False
    ).returncode  # an orphan
    assert _state(project) == before
    assert project.git("fsck", "--no-dangling") == ""


def test_every_line_fits_80_columns_and_no_name_is_cut(climbed, columns):
    for ran in climbed[2:]:
        assert max(map(columns, ran.report)) <= 80
        assert not [line for line in ran.report if line != line.rstrip()]


def test_a_narrow_terminal_still_gets_each_figure(climbed, columns):
    project = climbed[0]
    project.env["COLUMNS"] = "60"
    ran = project.run("run", "phase1", "-q")
    del project.env["COLUMNS"]
    assert ran.code == 0
    assert "83.33" in "\n".join(ran.report)
    assert max(map(columns, ran.report)) <= 60


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_figures_equal_plain_pytest_cov(make_project, branch, workers):
    project = make_project()
    project.config(keys="", pytest="" if workers == 1 else 'addopts = "-n 2 --dist load"')
    project.write({".coveragerc": f"[run]\nbranch = {branch}\n"})
    text = (project.root / "pyproject.toml").read_text().replace("workers = 1", f"workers = {workers}")
    project.write({"pyproject.toml": text})
    project.commit()
    assert project.run("run", "phase2").code == 0
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-n0",
        "--cov=src",
        "--cov-report=json:plain.json",
    ]
    subprocess.run(
        [*words, "tests/unit"], cwd=project.root, env=project.env, check=True, capture_output=True, timeout=60
    )
    plain = json.loads((project.root / "plain.json").read_text())
    ours = project.detail()
    assert set(ours) == set(plain["files"])
    for name, file in plain["files"].items():
        counts, theirs = ours[name]["counts"], file["summary"]
        assert counts["statements"] == theirs["num_statements"]
        assert counts["missing"] == theirs["missing_lines"]
        assert counts.get("branches", 0) == theirs.get("num_branches", 0)
        assert counts.get("missing_branches", 0) == theirs.get("missing_branches", 0)
        for mine, name_there in (("missing_lines", "missing_lines"), ("covered_lines", "executed_lines")):
            lines = [n for first, last in ours[name][mine] for n in range(first, last + 1)]
            assert lines == file[name_there]
        assert ours[name]["missing_arcs"] == file.get("missing_branches", [])
        assert ours[name]["covered_arcs"] == file.get("executed_branches", [])
    totals = project.record()["totals"]
    covered = totals["statements"] - totals["missing"] + totals["branches"] - totals["missing_branches"]
    assert 100 * covered / (totals["statements"] + totals["branches"]) == plain["totals"]["percent_covered"]
    assert project.record()["provenance"]["workers"] == workers


def test_the_last_20_runs_are_kept_and_the_history_keeps_all(make_project):
    project = make_project()
    project.run("run", "phase0")
    first = project.root / ".coverage-roadmap" / "runs" / project.record()["id"]
    for day in range(1, 21):
        old = first.with_name(f"202001{day:02}T000000000000Z-phase0-0000000a")
        old.mkdir()
        (old / "summary.json").write_text(json.dumps({**project.record(), "id": old.name}))
    project.run("run", "phase0")
    names = [record["id"] for record in project.records()]
    assert len(names) == 20
    assert first.name in names
    assert "20200101T000000000000Z-phase0-0000000a" not in names
    assert len([name for name in project.history() if name.endswith(".summary.json")]) == 2


def test_the_installed_script_and_its_help_and_version(project, tmp_path):
    script = str(Path(sys.executable).with_name("coverage-roadmap"))
    ran = subprocess.run(
        [script, "run", "phase1", "-q"], cwd=project.root, env=project.env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0
    assert project.record()["provenance"]["arguments"] == ["-q"]
    for words, text in ((["--version"], "0.1.0"), (["--help"], "run"), (["run", "--help"], "--story STORY")):
        told = subprocess.run([script, *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert text in told.stdout
