"""Patch coverage: changed lines that are measured, exactly; what is not measured is never called covered."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.core.measurement import ranges
from coverage_roadmap.core.patch import FilePatch, Lines, Patch, gate, patch, shared
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.verdict import Answer

EDITED = FileDiff("src/old.py", "src/a.py", (Hunk(1, 1, 2, 4), Hunk(9, 3, 12, 0), Hunk(20, 0, 18, 1)))


def test_changed_lines_are_covered_missed_or_no_statement():
    found = patch([EDITED], {"src/a.py": Lines([(1, 2), (18, 30)], [(4, 9)])}, ["src"])
    assert found == Patch([FilePatch("src/a.py", 5, 2, ((4, 5),))], [])
    assert (found.ratio, found.told) == (Ratio(2, 4), "50.00 % (2 of 4 changed lines)")


def test_the_total_is_over_all_files_and_they_are_in_order():
    diffs = [FileDiff(None, f"src/{n}.py", (Hunk(0, 0, 1, 3),)) for n in "cab"]
    found = patch(diffs, {f"src/{n}.py": Lines([(1, 1)], [(3, 3)]) for n in "abc"}, ["src"])
    assert [file.path for file in found.files] == ["src/a.py", "src/b.py", "src/c.py"]
    assert found.ratio == Ratio(3, 6)


@pytest.mark.parametrize(
    "diff",
    [
        FileDiff("src/a.py", None, (Hunk(1, 9, 0, 0),)),
        FileDiff("src/a.py", "src/b.py"),
        FileDiff("src/a.py", "src/a.py", (Hunk(3, 2, 2, 0),)),
        FileDiff(None, "docs/a.md", (Hunk(0, 0, 1, 9),)),
        FileDiff(None, "other/a.py", (Hunk(0, 0, 1, 9),)),
        FileDiff("src/logo.png", "src/logo.png", (), True),
    ],
)
def test_a_change_without_lines_to_measure_is_unknown_and_not_whole(diff):
    found = patch([diff], {"src/z.py": Lines([(1, 9)], [])}, ["src"])
    assert (found.files, found.unmeasured) == ([], [])
    assert found.told == "unknown: no changed line is measured"


def test_a_changed_source_file_that_is_not_measured_is_named():
    found = patch([EDITED, FileDiff(None, "src/b.txt", (Hunk(0, 0, 1, 1),))], {}, ["src"])
    assert found == Patch([], ["src/a.py"])


LINES = st.sets(st.integers(1, 40)).map(list)


@given(LINES, LINES)
def test_shared_lines_are_those_of_both(ours, theirs):
    both = {n for first, last in shared(ranges(ours), ranges(theirs)) for n in range(first, last + 1)}
    assert both == set(ours) & set(theirs)


@pytest.mark.parametrize(
    ("found", "at_least", "expected"),
    [
        (None, "0", (Answer.UNKNOWN, "no run is recorded")),
        (Patch([]), "100", (Answer.MET, "no changed line is measured")),
        (Patch([FilePatch("a", 9, 2, ((4, 4),))]), "66.6", (Answer.MET, "66.66 % (2 of 3 changed lines)")),
        (
            Patch([FilePatch("a", 9, 2, ((4, 4),))]),
            "66.67",
            (Answer.NOT_MET, "66.66 % (2 of 3 changed lines); 1 more line to cover"),
        ),
    ],
)
def test_the_gate_is_exact_and_unknown_without_a_measurement(found, at_least, expected):
    verdict = gate(found, Decimal(at_least), "no run is recorded")
    assert (verdict.answer, verdict.reason) == expected
    assert verdict.question == f"patch coverage at least {at_least}"


def test_source_that_was_to_be_measured_and_was_not_makes_the_gate_unknown():
    lost = Patch([], ["src/a.py", "src/b.py"])
    verdict = gate(lost, Decimal(80))
    assert (verdict.answer, verdict.reason) == (
        Answer.UNKNOWN,
        "no changed line is measured; not measured: src/a.py, src/b.py",
    )
    assert gate(lost, Decimal(80), is_omitted=lambda path: path == "src/a.py").reason.endswith(": src/b.py")
    assert gate(lost, Decimal(80), is_omitted=lambda _: True).answer is Answer.MET
