from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render import figures


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (Fraction(200, 3), 66.66),
        (Fraction(100), 100.0),
        (Fraction(99999, 1000), 99.99),
        (Fraction(0), 0.0),
    ],
)
def test_a_percentage_is_rounded_down_and_unknown_without_one(value, shown):
    assert figures.percent(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(Decimal("60.125"), 60.125), (Decimal("60"), 60.0)])
def test_a_threshold_is_never_rounded(value, shown):
    assert figures.threshold(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (Fraction(-25, 2), "-12.5"),
        (Fraction(2, 3), "0.66"),
        (Fraction(-1, 900), "0.0"),
        (Fraction(0), "0.0"),
    ],
)
def test_points_go_towards_zero_and_have_no_negative_zero(value, shown):
    assert str(figures.points(value)) == shown


@given(st.integers(0, 500), st.integers(0, 500))
def test_only_all_of_it_is_100(one, other):
    total, covered = max(one, other), min(one, other)
    shown = figures.ratio(Ratio(covered, total))["percent"]
    assert (shown == 100) == (total > 0 and covered == total)
    assert (shown is None) == (total == 0)


def test_counts_and_verdicts_are_told_by_their_parts():
    assert figures.counts(Counts(10, 3, 2, 4, 1)) == {
        **{"statements": 10, "missing": 3, "branches": 4, "missing_branches": 1, "percent": 71.42}
    }
    assert figures.counts(None) is None
    assert figures.verdict(Verdict("q", Answer.NOT_MET, "r")) == {"question": "q", "answer": "not met", "reason": "r"}


@pytest.mark.parametrize(("spans", "shown"), [((), ""), (((3, 3), (7, 9)), "3, 7-9")])
def test_spans_are_written_as_people_write_them(spans, shown):
    assert figures.spans(spans) == shown
