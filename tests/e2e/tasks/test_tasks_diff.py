"""`diff`: two coverage.json files or records: totals, files before and after, dips; hostile until read."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

META = {"format": 3, "version": "7.10", "branch_coverage": False}


def report(files, **meta):
    """A coverage.json of files: statements and missing lines."""
    made = {
        name: {"summary": {"num_statements": total, "missing_lines": missing}}
        for name, (total, missing) in files.items()
    }
    return json.dumps({"meta": {**META, **meta}, "files": made, "totals": {}})


@pytest.fixture
def real(team):
    """Coverage.json files by coverage itself: of some tests, of all, and of all with branches."""

    def measure(name, *words, branch=False):
        def coverage(*given):
            command = [sys.executable, "-m", "coverage", *given]
            env = {**team.env, "COVERAGE_RCFILE": "/dev/null", "COVERAGE_FILE": f".{name}"}
            subprocess.run(command, cwd=team.root, env=env, check=True, capture_output=True)

        coverage("run", *(["--branch"] if branch else []), "--source=src", "-m", "pytest", "--no-cov", *words)
        coverage("json", "-o", name)
        return json.loads((team.root / name).read_text())["totals"]

    return measure


def test_two_real_files_are_compared_by_coverages_own_figures(team, real, told, invoke):
    few, every = real("few.json", "tests/unit/test_core.py"), real("all.json", "tests/unit")
    code, data = told(team, "diff", "--from", "few.json", "--to", "all.json")
    assert (code, data["format"], data["warnings"]) == (0, 1, [])
    assert sum(Fraction(part["exact"]) for part in data["parts"]) == Fraction(data["exact"])
    assert [part["part"] for part in data["parts"]] == ["unchanged lines newly covered"]
    for side, totals in (("from", few), ("to", every)):
        told_totals = data[side]["totals"]
        assert (told_totals["statements"], told_totals["missing"]) == (
            totals["num_statements"],
            totals["missing_lines"],
        )
    assert data["points"] == pytest.approx(every["percent_covered"] - few["percent_covered"], abs=0.01)
    moved = {f["path"]: (f["before"]["percent"], f["after"]["percent"]) for f in data["files"]}
    assert moved == {"src/app/alpha.py": (0.0, 83.33), "src/app/beta.py": (0.0, 75.0)}
    assert (data["dipped"], data["still_below"]) == ([], [])
    shown = invoke(team, "diff", "--from", "few.json", "--to", "all.json")
    assert shown.returncode == 0
    assert "src/app/alpha.py 0.00 83.33 +83.33" in shown.flat
    back = told(team, "diff", "--from", "all.json", "--to", "few.json")[1]
    assert back["dipped"] == ["src/app/alpha.py", "src/app/beta.py"]
    assert back["points"] == -data["points"]


def test_branches_against_lines_are_said_to_be_not_comparable(team, real, told):
    totals = real("branch.json", "tests/unit", branch=True)
    real("line.json", "tests/unit")
    data = told(team, "diff", "--from", "line.json", "--to", "branch.json")[1]
    assert data["to"]["totals"]["missing_branches"] == totals["missing_branches"]
    assert data["to"]["totals"]["percent"] == pytest.approx(totals["percent_covered"], abs=0.01)
    assert ["not comparable" in warning for warning in data["warnings"]] == [True]
    same = told(team, "diff", "--from", "branch.json", "--to", "branch.json")[1]
    assert (same["files"], same["parts"], same["points"]) == ([], [], 0)
    assert same["warnings"] == ["both sides are branch.json: there is nothing to compare"]
    assert [part["part"] for part in data["parts"]] == ["scope changed"]


def test_dips_are_told_apart_from_what_was_low_before(team, told):
    team.write(
        {
            "a.json": report({"high.py": (10, 1), "low.py": (10, 9), "gone.py": (10, 0), "edge.py": (10, 4)}),
            "b.json": report({"high.py": (10, 6), "low.py": (10, 8), "new.py": (4, 3), "edge.py": (10, 5)}),
        }
    )
    data = told(team, "diff", "--from", "a.json", "--to", "b.json")[1]
    assert (sorted(data["dipped"]), data["still_below"]) == (["high.py"], ["low.py"])
    assert data["new_below"] == ["new.py"]
    assert {f["path"]: f["points"] for f in data["files"]} == {
        "edge.py": -10,
        "gone.py": None,
        "high.py": -50,
        "low.py": 10,
        "new.py": None,
    }
    shown = team.run("diff", "--from", "a.json", "--to", "b.json", "--format", "md").out
    assert "### dipped below 50 %" in shown
    assert "| high.py | 90.00 | 40.00 | -50.00 |" in shown
    assert "| gone.py | 100.00 | - | gone |" in shown


def test_records_are_named_by_their_ids_and_by_their_beginnings(team, forge, told):
    real = team.record()["id"]
    other = forge(team, -24, selection="another", kind="partial", provenance__leg__python="3.9")
    code, data = told(team, "diff", "--from", other, "--to", real)
    assert (code, data["from"]["label"], data["to"]["label"], data["points"]) == (0, other, real, 0)
    assert data["warnings"] == [
        "the two measured different tests",
        "the two measured different Pythons",
        f"{other} is partial",
    ]
    short = told(team, "diff", "--from", other[:20], "--to", real)[1]
    assert short["from"]["label"] == other
    several = team.run("diff", "--from", "2", "--to", real)
    assert (several.code, "fits 2 records" in several.err) == (2, True)


def test_a_record_can_be_compared_with_a_file(team, real, told):
    real("now.json", "tests/unit")
    data = told(team, "diff", "--from", team.record()["id"], "--to", "now.json")[1]
    assert [(f["path"], f["after"]["percent"]) for f in data["files"]] == [("src/app/beta.py", 75.0)]


def test_a_week_ago_against_now_is_what_is_compared_by_default(team, forge, told):
    now = team.record()["id"]
    alone = told(team, "diff")[1]
    assert (alone["from"]["label"], alone["to"]["label"], alone["points"]) == (now, now, 0)
    assert alone["warnings"] == [
        f"both sides are {now}: there is nothing to compare",
        f"no record is as old as 7d: {now} is the oldest",
    ]
    days = {n: forge(team, -24 * n) for n in (3, 8, 20)}
    forge(team, -24 * 9, kind="partial")
    forge(team, -24 * 9, phase="phase2")
    asked = {(): days[8], ("--from", "7d"): days[8], ("--from", "2w"): days[20], ("--from", "50h"): days[3]}
    for words, label in asked.items():
        data = told(team, "diff", *words)[1]
        assert (data["from"]["label"], data["to"]["label"], data["warnings"]) == (label, now, [])
    old = told(team, "diff", "--from", "30d")[1]
    assert (old["from"]["label"], old["warnings"]) == (
        days[20],
        [f"no record is as old as 30d: {days[20]} is the oldest"],
    )
    none = team.run("diff", "--phase", "phase2", "--from", "1d")
    assert (none.code, "no full record of phase2" in none.err) == (1, True)


def test_a_date_names_what_was_measured_before_it_began(team, forge, told):
    now = team.record()["id"]
    days = {n: forge(team, -24 * n) for n in (3, 8, 20)}

    def date(back):
        return f"{datetime.now(UTC) - timedelta(days=back):%Y-%m-%d}"

    for asked, label in ((date(3), days[8]), (date(2), days[3]), (date(19), days[20])):
        data = told(team, "diff", "--from", asked)[1]
        assert (data["from"]["label"], data["to"]["label"], data["warnings"]) == (label, now, [])
    both = told(team, "diff", "--from", date(19), "--to", date(7))[1]
    assert (both["from"]["label"], both["to"]["label"]) == (days[20], days[8])
    old = told(team, "diff", "--from", date(20))[1]
    assert old["warnings"] == [f"no record is as old as {date(20)}: {days[20]} is the oldest"]


def test_commits_are_named_and_lines_followed_through_what_changed(team, measured, edit, told):
    """Two real measurements: one file is renamed and edited, one is new, and a test covers more."""
    before = team.git("rev-parse", "HEAD").strip()
    team.git("mv", "src/app/alpha.py", "src/app/omega.py")
    edit(team, "src/app/omega.py", "    return 'low'\n", "    low = 'low'\n    return low\n")
    edit(team, "tests/unit/test_alpha.py", "app.alpha", "app.omega")
    edit(team, "tests/unit/test_alpha.py", "grade(5) == 'low'", "grade(-5) == 'below'")
    team.write({"src/app/fresh.py": "def late():\n    return 1\n"})
    measured(team)
    code, data = told(team, "diff", "--from", before, "--to", "HEAD", "--fail-on-dip")
    files = {one["path"]: one for one in data["files"]}
    omega = files["src/app/omega.py"]
    assert (omega["status"], omega["was"], omega["lines_matched"]) == ("renamed", "src/app/alpha.py", True)
    assert (omega["newly_covered"], omega["newly_missed"], omega["new_missed"]) == ([[5, 5]], [], [[6, 7]])
    fresh = files["src/app/fresh.py"]
    assert (fresh["status"], fresh["new_missed"], data["new_below"], code) == ("added", [[1, 2]], [fresh["path"]], 1)
    assert sum(Fraction(part["exact"]) for part in data["parts"]) == Fraction(data["exact"])
    assert {part["part"] for part in data["parts"]} == {"new code", "unchanged lines newly covered", "removed code"}
    assert data["warnings"] == []
    team.git("commit", "-q", "--allow-empty", "-m", "nothing")
    assert told(team, "diff", "--from", before, "--to", "HEAD")[1]["to"]["label"] == data["to"]["label"]
    edit(team, "src/app/fresh.py", "1", "2")
    team.commit()
    unknown = team.run("diff", "--to", "HEAD")
    assert (unknown.code, "measured" in unknown.err) == (1, True)


def test_where_a_commit_is_of_no_help_lines_are_not_followed_and_it_is_said(team, forge, told):
    lost = forge(team, -24, provenance__commit="f" * 40)
    dirty = forge(team, -48, provenance__dirty=[f"src/d{n}.py" for n in range(50)])
    assert [told(team, "diff", "--from", named)[1]["warnings"] for named in (lost, dirty)] == [
        ["a commit is not known in this clone, so that lines are not followed"],
        ["too many files were not as committed, so that lines are not followed"],
    ]


def test_a_dip_fails_where_that_is_asked(team, told):
    low = report({"x.py": (10, 6)})
    team.write({"a.json": report({"x.py": (10, 1)}), "b.json": low, "again.json": low, "no.json": report({})})
    codes = [
        team.run("diff", "--from", old, "--to", new, *words).code
        for old, new, *words in (
            ("a.json", "b.json"),
            ("a.json", "b.json", "--fail-on-dip"),
            ("b.json", "again.json", "--fail-on-dip"),
            ("b.json", "b.json", "--fail-on-dip"),
            ("b.json", "no.json", "--fail-on-dip"),
        )
    ]
    assert codes == [0, 1, 0, 1, 1]
    told = team.run("diff", "--from", "b.json", "--to", "no.json", "--fail-on-dip").out
    assert "unknown  no file fell below 50: no.json measured nothing" in told
    told = team.run("diff", "--from", "b.json", "--to", "b.json", "--fail-on-dip").out
    said = "unknown  no file fell below 50: both sides are b.json: there is nothing to compare"
    assert said in re.sub(r"\n +", " ", told)
    assert "below 50 %; unknown whether they were before" in told
    assert "still below" not in told


def test_a_record_without_its_per_file_part_is_said(team, forge):
    lost = forge(team, 1)
    (team.root / ".coverage-roadmap/runs" / lost / "detail.json").unlink()
    ran = team.run("diff", "--from", lost, "--to", lost)
    assert (ran.code, "per-file part cannot be read" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no coverage.json"),
        ("[]", "is no coverage.json"),
        ("{}", "is no coverage.json"),
        ("[" * 100_000, "is no coverage.json"),
        ('{"meta": {"format": 3}, "files": 7}', "is no coverage.json"),
        ('{"meta": {"format": "3"}, "files": {}}', "is no coverage.json"),
        (report({"a": (10**30, 0)}), "is no coverage.json"),
        (report({"a": (1, "x")}), "is no coverage.json"),
        (report({}, format=99), "is of format 99"),
        (report({}, format=1), "is of format 1"),
        (json.dumps({"meta": {}, "files": {}}), "tells neither its format nor coverage's version"),
        (report({"a\u001b[31m": (1, 2)}), "impossible counts for a\\x1b[31m"),
        (report({"a": (-1, -1)}), "is no coverage.json"),
    ],
)
def test_what_is_no_coverage_json_of_a_known_format_is_a_message(team, text, said):
    team.write({"bad.json": text, "good.json": report({"a": (1, 0)})})
    ran = team.run("diff", "--from", "good.json", "--to", "bad.json")
    assert ran.code == 3
    assert "bad.json" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_bytes_that_are_no_text_are_a_message(team):
    (team.root / "bad.json").write_bytes(b'{"meta": {"format": 3}, "files": {"\xff": {}}}')
    ran = team.run("diff", "--from", "bad.json", "--to", "bad.json")
    assert (ran.code, "is no coverage.json" in ran.err) == (3, True)


@pytest.mark.parametrize(
    "named", ["none.json", "src", "x" * 5000, "../../none", "20991231", "2099-12-31", "2026-02-30"]
)
def test_what_is_neither_a_file_nor_a_record_is_a_usage_error(team, named):
    ran = team.run("diff", "--from", named, "--to", named)
    assert (ran.code, "is neither a file, an age, a past date, a record nor a revision" in ran.err) == (2, True)


def test_names_in_a_report_are_shown_letter_for_letter(team):
    hostile = "src/<b>|`x`@team\u202e.py"
    team.write({"a.json": report({hostile: (10, 0)}), "b.json": report({hostile: (10, 9)})})
    shown = team.run("diff", "--from", "a.json", "--to", "b.json", "--format", "md").out
    assert "<b>" not in shown
    assert "@team" not in shown
    assert "\u202e" not in shown
