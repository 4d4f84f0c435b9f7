import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.measurement import (
    Counts,
    Failure,
    FileTests,
    Kind,
    Measurement,
    Outcomes,
    Summary,
    Tree,
    ranges,
    total,
)
from coverage_roadmap.core.percent import Ratio


@given(st.lists(st.integers(1, 60), unique=True))
def test_ranges_hold_exactly_the_lines_and_as_few_as_can_be(lines):
    joined = ranges(lines)
    assert [line for first, last in joined for line in range(first, last + 1)] == sorted(lines)
    assert all(after[0] > before[1] + 1 for before, after in itertools.pairwise(joined))


def test_ranges_join_neighbours():
    assert ranges([7, 3, 1, 2]) == ((1, 3), (7, 7))


def test_a_total_is_the_sum_of_its_files():
    summed = total(iter([Counts(10, 3, 1, 4, 2), Counts(5, 0, 2, 0, 0)]))
    assert summed == Counts(15, 3, 3, 4, 2)
    assert summed.ratio == Ratio(14, 19)
    assert total([]) == Counts()


@pytest.mark.parametrize(
    "text",
    [
        '{"statements": 1, "missing": 2}',
        '{"branches": 1, "missing_branches": 2}',
        '{"statements": -1}',
        '{"statements": "1"}',
        '{"lines": 1}',
    ],
)
def test_counts_of_a_record_that_cannot_be_are_refused(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Counts)


def test_more_outcomes_than_tests_are_refused():
    with pytest.raises(msgspec.ValidationError, match="than were collected"):
        msgspec.json.decode('{"collected": 1, "passed": 1, "skipped": 1}', type=FileTests)


@pytest.mark.parametrize("started", ["", "yesterday", "2026-13-01T00:00:00+00:00", "2026-03-01T10:00:00"])
def test_a_start_that_is_no_moment_is_refused(record, started):
    text = msgspec.json.encode(record()).replace(b"2026-03-01T10:00:00.000000+00:00", started.encode())
    with pytest.raises(msgspec.ValidationError, match=r"provenance"):
        msgspec.json.decode(text, type=Summary)


@pytest.mark.parametrize("commit", ["", "main", "--all", "c" * 39, "c" * 65, "C" * 40, "c" * 40 + "\\n"])
def test_a_commit_that_is_no_hash_is_refused(record, commit):
    text = msgspec.json.encode(record())
    assert text.count(b"c" * 40) == 1
    with pytest.raises(msgspec.ValidationError, match=r"provenance.commit"):
        msgspec.json.decode(text.replace(b"c" * 40, commit.encode()), type=Summary)


def test_a_record_is_the_same_after_its_json(record):
    summary = record(outcomes=Outcomes(collected=2, failed=(Failure("t", "call", "E"),)))
    assert msgspec.json.decode(msgspec.json.encode(summary), type=Summary) == summary
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(summary), type=Measurement)


@pytest.mark.parametrize(
    ("outcomes", "green"),
    [
        (Outcomes(collected=1, passed=1), True),
        (Outcomes(collected=3, passed=1, skipped=1, xfailed=1), True),
        (Outcomes(), False),
        (Outcomes(skipped=4), False),
        (Outcomes(passed=1, failed=(Failure("t", "call"),)), False),
        (Outcomes(passed=1, errors=(Failure("t", "setup"),)), False),
        (Outcomes(passed=1, not_imported=(Failure("t", "collect"),)), False),
        (Outcomes(passed=1, flaky=("t",)), False),
    ],
)
def test_green_is_something_passed_and_nothing_wrong(outcomes, green):
    assert outcomes.green is green


def test_a_tree_says_in_which_parts_it_differs():
    assert Tree("a", "b", "c", "d").differs_in(Tree("a", "x", "c", "y")) == ["tests", "settings"]


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({}, ""),
        ({"kind": Kind.PARTIAL, "reasons": ("no", "never")}, "the run is partial: no, never"),
        ({"kind": Kind.FAILED}, "the run is failed"),
        ({"canonical": False}, "Python 3.12 is not the canonical leg"),
        ({"head": None}, "there is no commit to compare with"),
        ({"head": "t2"}, "source differ from the commit"),
    ],
)
def test_evidence_is_full_canonical_and_committed_and_else_says_why_not(record, given_, why):
    summary = record(**given_)
    assert (summary.evidence, summary.why_no_evidence) == (not why, why)
