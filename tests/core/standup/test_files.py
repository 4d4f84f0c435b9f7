"""What moved the total, and the files below the bound."""

from decimal import Decimal

import pytest

from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.lines import of_figures
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures
from coverage_roadmap.core.standup.files import fell, movement, still


def side(label, files, **given):
    return Side(
        label, {path: one.counts for path, one in files.items()}, False, lambda name: of_figures(files[name]), **given
    )


def counted(**covered):
    """Files of 1,000 lines, of which so many are covered."""
    return {f"src/{name}.py": FileFigures(Counts(1000, 1000 - count)) for name, count in covered.items()}


def of_lines(missed, covered):
    size = sum(last - first + 1 for first, last in missed)
    return FileFigures(Counts(size + sum(last - first + 1 for first, last in covered), size), missed, covered)


@pytest.fixture
def lines(facts, record, said):
    """What a topic says of the files before and now."""

    def of(topic, before, now, **given):
        compared = compare(side("old", before), side("new", now), Decimal(50)) if before is not None else None
        newest = Detail(FORMAT, now)
        return said(topic(facts(newest=record(), detail=newest, comparison=compared, **given)))

    return of


def test_the_total_moved_in_parts(lines):
    before = {"a.py": of_lines(((1, 5),), ((6, 10),)), "b.py": of_lines((), ((1, 4),))}
    now = {"a.py": of_lines(((4, 6),), ((1, 3), (7, 10))), "c.py": of_lines(((1, 1),), ((2, 2),))}
    assert lines(movement, before, now) == [
        "[?] a commit is not known: a file of one side alone counts as new or removed code",
        "[?] +2.38 points: 64.28 % in old, 66.66 % in new",
        "[?] -1.78 new code: 1 of 2 covered",
        "[?] +18.75 unchanged lines newly covered: 3 lines",
        "[?] -6.25 unchanged lines newly missed: 1 line",
        "[?] -8.33 removed code: 4 of 4 were covered",
    ]
    del before["b.py"], now["c.py"]
    assert lines(movement, before, now) == [
        "[x] +20.00 points: 50.00 % in old, 70.00 % in new",
        "[x] +30.00 unchanged lines newly covered: 3 lines",
        "[!] -10.00 unchanged lines newly missed: 1 line",
    ]


def test_the_parts_add_up_for_machines_too(facts, record):
    before, now = {"a.py": of_lines(((1, 5),), ((6, 10),))}, {"a.py": of_lines(((1, 1),), ((2, 10),))}
    compared = compare(side("old", before), side("new", now), Decimal(50))
    total, *parts = [item.about for item in movement(facts(newest=record(), comparison=compared))]
    assert total == {"part": "total", "points": 40.0}
    assert parts == [{"part": "unchanged lines newly covered", "points": 40.0}]


def test_a_file_whose_lines_cannot_be_matched_tells_both_sides(lines):
    assert lines(movement, counted(a=100), counted(a=200)) == [
        "[x] +10.00 points: 10.00 % in old, 20.00 % in new",
        "[x] +10.00 changed files whose lines cannot be matched: 200 of 1000 covered, 100 of 1000 were covered",
    ]


def test_an_equal_total_is_told(lines):
    assert lines(movement, counted(a=100), counted(a=100)) == ["[x] +0.00 points: 10.00 % in old, 10.00 % in new"]


def test_a_side_without_lines_has_no_percentage(lines):
    assert lines(movement, {}, counted(a=100)) == [
        *("[?] old holds no file", "[?] a commit is not known: a file of one side alone counts as new or removed code"),
        "[?] a side has no percentage",
    ]


@pytest.mark.parametrize("topic", [movement, fell])
def test_without_a_record_from_before_it_is_said(lines, facts, said, topic):
    unknown = "[?] no full run of phase2 on the canonical leg from before 2026-02-24 to compare with"
    assert lines(topic, None, counted(a=100)) == [unknown]
    assert said(topic(facts())) == ["[?] no full run of the canonical leg in the last 7 days"]
    assert said(topic(facts(running=None))) == ["[?] no phase is running"]


def test_records_that_cannot_be_read_are_not_taken_for_missing(facts, record, said):
    unread = facts(newest=record(), before=record(started="2026-02-01T10:00:00+00:00"))
    assert said(movement(unread)) == ["[?] a record's per-file part cannot be read"]


def test_files_that_fell_and_those_that_are_still_below_stand_apart(lines):
    before = counted(falls=500, low=100, rises=100, fine=900)
    now = counted(falls=499, low=90, rises=500, fine=900, fresh=10)
    assert lines(fell, before, now) == [
        "[!] src/fresh.py 1.00 %, 990 missed, new",
        "[!] src/falls.py 49.90 %, 501 missed, 50.00 % before",
    ]
    assert lines(still, before, now) == ["[!] src/low.py 9.00 %, 910 missed"]
    assert lines(fell, now, now) == ["[x] none"]
    fresh = counted(fine=900, fresh=900)
    assert lines(fell, counted(fine=900), fresh)[0].startswith("[?] none; a commit is not known")
    assert lines(still, counted(fine=500), counted(fine=500)) == ["[x] none"]


def test_without_a_record_from_before_all_that_are_below_are_named_the_most_missed_first(lines):
    low = counted(fine=500, under=499, worst=1, b=200, a=200, d=300, e=301, f=302)
    found = lines(still, None, {**low, "empty.py": FileFigures(Counts())})
    assert found == [
        *(
            "[!] src/worst.py 0.10 %, 999 missed",
            "[!] src/a.py 20.00 %, 800 missed",
            "[!] src/b.py 20.00 %, 800 missed",
        ),
        *("[!] src/d.py 30.00 %, 700 missed", "[!] src/e.py 30.10 %, 699 missed", "[!] and 2 more files"),
    ]
    assert lines(still, None, counted(fine=500)) == ["[x] none"]


def test_files_that_were_not_measured_are_unknown(lines, facts, said):
    assert said(still(facts())) == ["[?] no full run of the canonical leg in the last 7 days"]
    assert lines(still, None, {}) == ["[?] nothing was measured"]
