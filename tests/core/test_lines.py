import pytest

from coverage_roadmap.core.lines import LARGEST, Lines, lines, of_figures
from coverage_roadmap.core.measurement import Counts, FileFigures
from coverage_roadmap.core.percent import Ratio


def test_lines_and_branches_are_told_by_line():
    counts = Counts(4, 1, 0, 4, 1)
    found = lines(counts, [1, 2, 3], [5], [(2, 3), (2, -1), (3, 5)], [(3, 9)])
    assert found == Lines(frozenset({1, 2, 3}), frozenset({5}), {2: Ratio(2, 2), 3: Ratio(1, 2)})
    assert found.statements == {1, 2, 3, 5}


@pytest.mark.parametrize(
    ("covered", "missed", "taken", "untaken"),
    [
        ([1], [2], [], []),
        ([1, 2], [], [], []),
        ([1, 2], [2], [], []),
        ([1, 2], [3], [(1, 2)], []),
        ([1, 2], [3], [], [(1, 2)]),
    ],
)
def test_lines_that_do_not_come_to_the_counts_are_not_relied_on(covered, missed, taken, untaken):
    assert lines(Counts(3, 1), covered, missed, taken, untaken) is None


def test_a_records_ranges_are_its_lines():
    figures = FileFigures(Counts(5, 2, 0, 2, 1), ((7, 8),), ((1, 2), (4, 4)), ((2, 7),), ((2, 4),))
    assert of_figures(figures) == Lines(frozenset({1, 2, 4}), frozenset({7, 8}), {2: Ratio(1, 2)})


@pytest.mark.parametrize(
    ("counts", "missing", "covered"),
    [
        (Counts(3, 1), (), ((1, 2),)),
        (Counts(3, 1), ((3, 3),), ((1, 2**40),)),
        (Counts(3, 1), ((3, 3),), ((9, 5), (1, 6))),
        (Counts(LARGEST + 1, LARGEST + 1), ((1, LARGEST + 1),), ()),
    ],
)
def test_ranges_that_are_too_many_or_impossible_are_not_made_lines_of(counts, missing, covered):
    assert of_figures(FileFigures(counts, missing, covered)) is None
