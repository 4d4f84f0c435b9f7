from decimal import Decimal
from fractions import Fraction

import pytest
from coverage.results import Numbers
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import (
    Ratio,
    points_between,
    read_target,
    show_percent,
    show_points,
    show_threshold,
)
from coverage_roadmap.errors import UsageError


@st.composite
def ratios(draw, least=0):
    total = draw(st.integers(least, 10**6) | st.integers(least, 200))
    return Ratio(draw(st.integers(0, total)), total)


@st.composite
def counts(draw):
    statements, branches = draw(st.integers(0, 10**5)), draw(st.integers(0, 10**5))
    missing, missing_branches = draw(st.integers(0, statements)), draw(st.integers(0, branches))
    return Counts(statements, missing, 0, branches, missing_branches)


thresholds = st.decimals(0, 100, places=3) | st.integers(0, 100).map(Decimal)


@given(counts())
def test_the_exact_percentage_agrees_with_coverage_py(figures):
    theirs = Numbers(
        n_statements=figures.statements,
        n_missing=figures.missing,
        n_branches=figures.branches,
        n_missing_branches=figures.missing_branches,
    )
    ours = figures.ratio.percent
    assert theirs.ratio_covered == (figures.ratio.covered, figures.ratio.total)
    assert theirs.pc_covered == (100.0 if ours is None else pytest.approx(float(ours), rel=1e-15, abs=1e-12))


@given(ratios(), thresholds)
def test_the_gate_is_the_exact_comparison(ratio, threshold):
    exact = ratio.total > 0 and Fraction(ratio.covered, ratio.total) >= Fraction(threshold) / 100
    assert ratio.meets(threshold) is exact


@given(ratios(least=1), thresholds)
def test_the_gate_agrees_with_coverage_py_wherever_floats_can_tell(ratio, threshold):
    theirs = Numbers(n_statements=ratio.total, n_missing=ratio.missed).pc_covered
    if abs(theirs - float(threshold)) > 1e-9:
        assert ratio.meets(threshold) is (theirs > float(threshold))


@given(ratios(least=1))
def test_a_figure_is_never_above_the_true_one_and_complete_only_when_complete(ratio):
    shown, exact = Fraction(Decimal(str(ratio))), ratio.percent
    assert exact is not None
    assert shown <= exact < shown + Fraction(1, 100)
    assert (str(ratio) == "100.00") is (ratio.missed == 0)


@given(ratios(least=1), thresholds)
def test_what_lacks_is_the_least_that_meets(ratio, threshold):
    lacks = ratio.lacks(threshold)
    assert Ratio(ratio.covered + lacks, ratio.total).meets(threshold)
    assert lacks == 0 or not Ratio(ratio.covered + lacks - 1, ratio.total).meets(threshold)


@given(ratios(), ratios())
def test_joined_ratios_count_both(one, other):
    both = one + other
    assert (both.covered, both.total, both.missed) == (
        one.covered + other.covered,
        one.total + other.total,
        one.missed + other.missed,
    )


@pytest.mark.parametrize(
    ("covered", "total", "threshold", "met"),
    [
        (69996, 100_000, 70, False),
        (69999999, 100_000_000, 70, False),
        (7, 10, 70, True),
        (2, 3, Decimal("66.67"), False),
        (2, 3, Decimal("66.66"), True),
        (0, 5, 0, True),
        (0, 0, 0, False),
        (29, 50, Decimal("58"), True),
    ],
)
def test_a_gate_compares_unrounded(covered, total, threshold, met):
    assert Ratio(covered, total).meets(threshold) is met


@pytest.mark.parametrize(("covered", "total"), [(-1, 5), (6, 5), (0, -1)])
def test_counts_that_no_measurement_gives_are_refused(covered, total):
    with pytest.raises(ValueError, match="no measurement"):
        Ratio(covered, total)


def test_nothing_to_cover_shows_a_dash():
    assert (str(Ratio(0, 0)), Ratio(0, 0).percent, Ratio(0, 0).lacks(80)) == ("-", None, 0)


@pytest.mark.parametrize(
    ("value", "shown"), [(Fraction(200, 3), "66.66"), (100, "100.00"), (Decimal("99.999"), "99.99"), (5, "5.00")]
)
def test_percentages_show_two_decimals_rounded_down(value, shown):
    assert show_percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(60, "60"), ("60.00", "60"), ("65.50", "65.5"), ("0", "0"), ("-0.0", "0"), ("1E+2", "100"), ("100", "100")],
)
def test_thresholds_show_as_their_author_wrote_them(value, shown):
    assert show_threshold(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(893, 100), "+8.93"), (Fraction(-893, 100), "-8.93"), (Fraction(-1, 1000), "+0.00"), (0, "+0.00")],
)
def test_points_are_signed_and_cut_towards_zero(value, shown):
    assert show_points(Fraction(value)) == shown


RATIOS = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda pair: Ratio(min(pair), max(pair)))


@given(old=RATIOS, new=RATIOS)
def test_points_are_the_exact_difference_of_two_percentages(old, new):
    known = old.percent is not None and new.percent is not None
    assert points_between(old, new) == (new.percent - old.percent if known else None)
    assert points_between(None, new) is None
    assert points_between(old, None) is None


@given(ratio=RATIOS, threshold=st.decimals(0, 100, places=3))
def test_a_file_without_lines_is_below_nothing(ratio, threshold):
    assert ratio.is_below(threshold) == (ratio.percent is not None and ratio.percent < Fraction(threshold))


@pytest.mark.parametrize(
    ("text", "value"),
    [("60", 60), ("60.5", "60.5"), ("0", 0), ("100", 100), (" 60 ", 60), ("60.123456", "60.123456"), ("6e1", 60)],
)
def test_a_target_is_a_percentage(text, value):
    assert read_target(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "sixty", "60 %", "60,5", "-1", "100.01", "101", "nan", "inf", "-inf", "1e9", "60.1234567", "1e-7"]
)
def test_what_is_no_percentage_or_too_fine_for_the_config_is_refused(text):
    with pytest.raises(UsageError):
        read_target(text)
