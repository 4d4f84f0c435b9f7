"""Which files are cheapest: what they miss lies in the longest blocks."""

import pytest

from coverage_roadmap.core.gain import Gain, cheapest
from coverage_roadmap.core.measurement import Counts, FileFigures


def file(missing, covered=(), arcs=(), branches=0):
    lines = sum(last - first + 1 for first, last in missing)
    taken = sum(last - first + 1 for first, last in covered)
    return FileFigures(Counts(lines + taken, lines, 0, branches, len(arcs)), missing, covered, arcs)


@pytest.mark.parametrize(
    ("figures", "blocks"),
    [
        (file(((1, 9),)), 1),
        (file(((2, 3), (5, 6)), ((1, 1), (8, 9))), 1),
        (file(((2, 3), (5, 6)), ((1, 1), (4, 4))), 2),
        (file(((2, 2), (4, 4), (6, 6), (9, 9)), ((1, 1), (5, 5), (7, 7))), 3),
        (FileFigures(Counts(9, 4)), 1),
    ],
)
def test_missed_lines_without_a_covered_one_between_them_are_one_block(figures, blocks):
    assert [gain.blocks for gain in cheapest({"a.py": figures})] == [blocks]


@pytest.mark.parametrize(
    ("arcs", "blocks"),
    [
        ((), 1),
        (((3, 4),), 1),
        (((4, 9),), 1),
        (((4, -1),), 1),
        (((8, -7),), 2),
        (((8, 9), (8, -7), (9, 8)), 3),
    ],
)
def test_a_branch_that_leads_past_the_missed_lines_needs_a_test_of_its_own(arcs, blocks):
    figures = file(((4, 5),), ((1, 3), (7, 9)), arcs, branches=9)
    assert cheapest({"a.py": figures}) == [Gain("a.py", 2 + len(arcs), blocks)]


def test_the_longest_blocks_come_first_then_the_more_missed_then_the_name():
    files = {
        "scattered.py": file(((2, 2), (4, 4), (6, 6)), ((3, 3), (5, 5))),
        "b.py": file(((1, 4),)),
        "a.py": file(((1, 4),)),
        "twice.py": file(((1, 4), (7, 10)), ((5, 6),)),
        "long.py": file(((1, 5),)),
        "done.py": file((), ((1, 99),)),
        "empty.py": FileFigures(Counts()),
    }
    assert [gain.path for gain in cheapest(files)] == ["long.py", "twice.py", "a.py", "b.py", "scattered.py"]
    assert cheapest({}) == []
