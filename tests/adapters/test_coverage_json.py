"""coverage.json files: coverage.py's own, and hostile ones."""

import json
import os
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_roadmap.adapters import coverage_json, pytest_run
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.errors import RecordError

CODE = "import sys\nif len(sys.argv) > 1:\n    print('more')\nfor i in range(2):\n    pass\nx = 1 if i else 2\n"


@pytest.mark.parametrize("branch", [True, False])
def test_a_real_file_gives_coverages_own_figures(tmp_path, branch):
    own = pytest_run.environment(os.environ, {})  # where we are measured ourselves, its data are not ours to write
    (tmp_path / "some.py").write_text(CODE)
    (tmp_path / "never.py").write_text("def f():\n    return 1  # pragma: no cover\n\n\ny = 2\n")
    for words in (["run", *(["--branch"] if branch else []), "--source=.", "some.py"], ["json", "-o", "c.json"]):
        command = [sys.executable, "-m", "coverage", *words]
        subprocess.run(command, cwd=tmp_path, env=own, check=True, capture_output=True, timeout=60)
    totals = json.loads((tmp_path / "c.json").read_text())["totals"]
    side = coverage_json.read(tmp_path / "c.json", "week 1").side()
    assert (side.label, side.branch, side.selection) == ("week 1", branch, None)
    assert sorted(side.files) == ["never.py", "some.py"]
    joined = sum(side.files.values(), Counts())
    assert (joined.statements, joined.missing) == (totals["num_statements"], totals["missing_lines"])
    assert joined.excluded == totals["excluded_lines"]
    assert (joined.branches, joined.missing_branches) == (
        totals.get("num_branches", 0),
        totals.get("missing_branches", 0),
    )
    assert float(joined.ratio.percent) == pytest.approx(totals["percent_covered"])
    written = json.loads((tmp_path / "c.json").read_text())["files"]["some.py"]
    lines = side.lines("some.py")
    assert (sorted(lines.covered), sorted(lines.missed)) == (written["executed_lines"], written["missing_lines"])
    assert sum(ratio.covered for ratio in lines.branches.values()) == len(written.get("executed_branches", []))


@pytest.mark.parametrize("number", [2, 3])
def test_the_known_formats_are_read_and_what_is_more_is_passed_over(tmp_path, number):
    summary = {"num_statements": 3, "missing_lines": 1, "percent_covered_display": "67", "new": {}}
    data = {"meta": {"format": number, "show_contexts": True}, "files": {"a.py": {"summary": summary, "classes": {}}}}
    (tmp_path / "c.json").write_text(json.dumps(data))
    side = coverage_json.read(tmp_path / "c.json", "c").side()
    assert side.lines("a.py") is None
    assert side.files["a.py"].ratio.percent == Fraction(200, 3)


OLD = {  # as coverage.py 5.5 wrote it; 6.3 added the branches' lists, 7.4 the format
    "meta": {"version": "5.5", "timestamp": "2026-11-27T05:19:18", "branch_coverage": True, "show_contexts": False},
    "files": {
        "a.py": {
            "executed_lines": [1, 2],
            "summary": {
                **{"covered_lines": 2, "num_statements": 3, "percent_covered": 60.0, "missing_lines": 1},
                **{"excluded_lines": 0, "num_branches": 2, "num_partial_branches": 1, "covered_branches": 1},
                "missing_branches": 1,
            },
            "missing_lines": [3],
            "excluded_lines": [],
        }
    },
    "totals": {},
}


def test_what_coverage_wrote_before_it_told_a_format_is_read(tmp_path):
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    (tmp_path / "new.json").write_text(json.dumps({**OLD, "meta": {**OLD["meta"], "format": 3, "version": "7.17"}}))
    report = coverage_json.read(tmp_path / "old.json", "old")
    side = report.side()
    assert (side.coverage, side.branch, side.files) == ("5.5", True, {"a.py": Counts(3, 1, 0, 2, 1)})
    assert side.lines("a.py") is None  # which branches were taken is not told
    beside = coverage_json.read(tmp_path / "new.json", "new", report)
    assert (beside.version, beside.alike) == ("7.17", {"a.py"})
    assert coverage_json.read(tmp_path / "old.json", "old", beside).version == "5.5"


def test_a_byte_order_mark_is_passed_over(tmp_path):
    text = json.dumps(
        {"meta": {"format": 3}, "files": {"a.py": {"summary": {"num_statements": 3, "missing_lines": 1}}}}
    )
    for name, encoding in (("plain", "utf-8"), ("marked", "utf-8-sig")):
        (tmp_path / name).write_text(text, encoding=encoding)
    first, second = (coverage_json.read(tmp_path / name, "c") for name in ("plain", "marked"))
    beside = coverage_json.read(tmp_path / "marked", "c", first)
    assert first.counts == second.counts == beside.counts


def hostile(**summary):
    numbers = {"num_statements": 3, "missing_lines": 1, **summary}
    return json.dumps({"meta": {"format": 3}, "files": {"a\u001b.py": {"summary": numbers}}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no coverage.json"),
        ("null", "is no coverage.json"),
        ("[" * 100_000, "is no coverage.json"),
        ('{"meta": {"format": 3}, "files": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}", "is no coverage.json"),
        ('{"files": {}}', "is no coverage.json"),
        ('{"meta": {"format": 3}, "files": {"a": {}}}', "is no coverage.json"),
        ('{"meta": {"format": 1}, "files": {}}', "is of format 1"),
        ('{"meta": {"format": 4}, "files": {}}', "is of format 4, which we do not know"),
        ('{"meta": {}, "files": {}}', "tells neither its format nor coverage's version"),
        (hostile(missing_lines=4), "has impossible counts for a"),
        (hostile(missing_branches=1), "has impossible counts"),
        (hostile(num_statements=-1), "is no coverage.json"),
        (hostile(excluded_lines=-1), "is no coverage.json"),
        (hostile(num_statements=10**40), "is no coverage.json"),
        (hostile(num_statements=2.5), "is no coverage.json"),
        (hostile(num_statements=None), "is no coverage.json"),
        (hostile(num_statements="3"), "is no coverage.json"),
    ],
)
def test_a_file_that_is_none_is_named_with_what_to_do(tmp_path, text, said):
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(RecordError, match=said) as caught:
        coverage_json.read(tmp_path / "c.json", "week 1")
    assert caught.value.where == "week 1"
    assert caught.value.next_step == "write it anew with: coverage json"


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        coverage_json.read(tmp_path, "folder")


def test_a_huge_file_is_refused_and_not_read(tmp_path):
    path = tmp_path / "c.json"
    with path.open("wb") as file:
        file.truncate(2**30)
    small = coverage_json.read(written(tmp_path / "small.json", {"a.py": part([1])}), "small")
    for beside in (None, small):
        with pytest.raises(RecordError, match="is larger than 512 MiB") as caught:
            coverage_json.read(path, "week 1", beside)
        assert (caught.value.where, "without contexts" in caught.value.next_step) == ("week 1", True)


def part(covered, missed=(), **more):
    summary = {"covered_lines": len(covered), "num_statements": len(covered) + len(missed)}
    summary |= {"percent_covered_display": "7}", "missing_lines": len(missed), "excluded_lines": 0}
    return {"executed_lines": list(covered), "summary": summary, "missing_lines": list(missed), **more}


def written(path, files, **how):
    path.write_text(json.dumps({"meta": {"format": 3, "version": "7.10"}, "files": files, "totals": {}}, **how))
    return path


def test_lines_of_the_wrong_type_are_said_with_the_file(tmp_path):
    bad = part([1]) | {"executed_lines": ["1"]}
    report = coverage_json.read(written(tmp_path / "c.json", {"a.py": bad}), "week 1")
    with pytest.raises(RecordError, match=r"is no coverage.json.* in a\.py"):
        report.lines("a.py")


NAMES = ["a.py", "b.py", "c.py", "d\u00fc.py", 'e": {"executed_lines": [], "f.py', "g}, .py", "h.py", "i.py"]
PARTS = [
    part([1, 2]),
    part([1], [2]),
    part([1, 2], functions={"f": part([2])}, classes={"": part([1])}),
    {**part([3]), "x": ', "b.py": {"executed_lines": [1]}'},
    {**part([3]), "x": {"y": 1, "functions": {}}},
    {"missing_lines": [7], **part([], [7])},
]
files = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(PARTS)), unique_by=lambda one: one[0]).map(dict)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files, files, st.sampled_from([{}, {}, {"indent": 4}, {"separators": (",", ":")}]))
def test_a_report_that_is_read_beside_another_says_what_it_says_alone(tmp_path, old, new, how):
    paths = [written(tmp_path / f"{name}.json", held, **how) for name, held in (("old", old), ("new", new))]
    before, alone = (coverage_json.read(path, "x") for path in paths)
    beside = coverage_json.read(paths[1], "x", before)
    assert (beside.counts, beside.version, list(beside.raw)) == (alone.counts, "7.10", list(alone.raw))
    assert {n: beside.lines(n) for n in new} == {n: alone.lines(n) for n in new}
    assert beside.alike == {name for name, held in new.items() if old.get(name) == held}


def test_a_report_that_is_cut_off_anywhere_is_refused_beside_another_too(tmp_path):
    whole = written(tmp_path / "old.json", dict(zip(NAMES, PARTS, strict=False)))
    before = coverage_json.read(whole, "x")
    data = whole.read_bytes()
    for end in range(0, len(data) - 1, 7):
        (tmp_path / "new.json").write_bytes(data[:end])
        with pytest.raises(RecordError, match=r"is no coverage\.json"):
            coverage_json.read(tmp_path / "new.json", "x", before)


@pytest.mark.parametrize("more", ["}", ', "meta": {"format": 1}', ", 7", '"'])
def test_what_stands_behind_the_files_is_looked_at_too(tmp_path, more):
    before = coverage_json.read(written(tmp_path / "old.json", {"a.py": part([1])}), "x")
    text = (tmp_path / "old.json").read_text()
    (tmp_path / "new.json").write_text(text[:-1] + more + "}")
    with pytest.raises(RecordError):
        coverage_json.read(tmp_path / "new.json", "x", before)


FALSE = {"num_statements": 9, "missing_lines": 0}
TRUE = {"num_statements": 2, "missing_lines": 1}


@pytest.mark.parametrize(
    "part",
    [
        {"executed_lines": [{"a": [], "summary": FALSE}], "summary": TRUE},
        {"executed_lines": [[1], [2]], "summary": TRUE},
        {"executed_lines": ['], "summary": {"num_statements": 9}'], "summary": TRUE},
        {"executed_lines": [1], "summary": {"other": {"num_statements": 9}, **TRUE}},
        {"executed_lines": [1], "summary": {"other": "}", **TRUE}},
        {"summary": TRUE, "executed_lines": [1]},
    ],
)
def test_the_summary_is_the_part_s_own_whatever_stands_before_it(tmp_path, part):
    plain = {"executed_lines": [1], "summary": {"num_statements": 3, "missing_lines": 0}}
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"meta": {"format": 3}, "files": {"a.py": plain, "b.py": part, "c.py": plain}}))
    counts = coverage_json.read(path, "c.json").counts
    assert {name: (one.statements, one.missing) for name, one in counts.items()} == {
        "a.py": (3, 0),
        "b.py": (2, 1),
        "c.py": (3, 0),
    }


def test_of_many_the_file_with_impossible_counts_is_named(tmp_path):
    parts = {f"{n}.py": {"executed_lines": [], "summary": {"num_statements": 3, "missing_lines": n}} for n in range(6)}
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"meta": {"format": 3}, "files": parts}))
    with pytest.raises(RecordError, match=r"impossible counts for 4\.py"):
        coverage_json.read(path, "c.json")
