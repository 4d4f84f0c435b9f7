"""Floors: files, packages, the total and dips; told of HEAD's figures alone."""

from fractions import Fraction

import pytest

from coverage_roadmap.core.measurement import Kind
from coverage_roadmap.core.rules.floor import RULES, BelowThreshold, Dip, FileBelowFloor, PackageBelowFloor

BEFORE = {"src/a.py": (10, 2), "src/b.py": (10, 4), "src/c/d.py": (20, 0)}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ((10, 3), True),
        ((10, 2), False),
        ((5, 2), False),
        ((20, 4), False),
        ((30, 7), True),
        ((2, 2, 0), False),
        ((0, 0), False),
    ],
)
def test_a_file_is_below_its_floor_where_percent_and_missed_count_are_both_worse(
    facts, ask, said, baseline, measured, now, found
):
    known = facts(baseline=baseline(BEFORE), measured=measured({**BEFORE, "src/a.py": now}, covered=1, total=1))
    told = ask(FileBelowFloor(), known)
    assert bool(told) is found
    if now == (10, 3):
        text = "the file is below its floor: lines 80.00 %, 2 missed in the baseline, lines 70.00 %, 3 missed now"
        assert told == [said("src/a.py", text, "src/a.py")]
        (one,) = FileBelowFloor().find(known)
        assert (one.before, one.after) == (80, 70)
    assert ask(PackageBelowFloor(), known) == []


def test_a_file_that_is_new_gone_or_was_renamed_is_no_fall_but_a_renamed_one_keeps_its_floor(
    facts, ask, baseline, measured
):
    now = {"src/new.py": (10, 9), "src/moved.py": (10, 5)}
    known = facts(baseline=baseline(BEFORE), measured=measured(now))
    assert ask(FileBelowFloor(), known) == []
    renamed = facts(baseline=baseline(BEFORE), measured=measured(now), renames={"src/a.py": "src/moved.py"})
    assert [one.where for one in ask(FileBelowFloor(), renamed)] == ["src/moved.py"]


def test_a_package_whose_files_hold_their_floors_can_fall(facts, ask, said, baseline, measured):
    then = {"src/a.py": (100, 10), "src/b.py": (100, 50)}
    now = {"src/a.py": (10, 1), "src/b.py": (140, 60)}
    known = facts(baseline=baseline(then), measured=measured(now))
    assert ask(FileBelowFloor(), known) == []
    (one,) = ask(PackageBelowFloor(), known)
    assert (one.where, one.waivable) == ("src", "src")
    assert one.text.startswith("the package is below its floor: lines 70.00 %, 60 missed in the baseline, ")


@pytest.mark.parametrize(
    ("covered", "total", "text"),
    [
        (60, 100, ""),
        (5999, 10_000, "the total is 59.99 %, the threshold 60"),
        (0, 0, ""),
        (40, 100, "the total is 40.00 %, the threshold 60"),
    ],
)
def test_a_total_below_the_threshold_is_found_unrounded(facts, ask, said, measured, covered, total, text):
    told = ask(BelowThreshold(), facts(measured=measured({}, covered=covered, total=total)))
    assert told == ([said("pyproject.toml", text, "threshold")] if text else [])


def test_how_much_is_lacking_is_told(facts, measured):
    (one,) = BelowThreshold().find(facts(measured=measured({}, covered=59, total=100)))
    assert (one.mend, one.before, one.after) == ("cover one more line or branch", 60, Fraction(59))


@pytest.mark.parametrize(
    ("then", "now", "text"),
    [
        ((10, 4), (10, 6), "40.00 %, below 50: 60.00 % in the baseline"),
        (None, (10, 6), "40.00 %, below 50: new"),
        ((10, 7), (10, 8), ""),
        (None, (10, 5), ""),
        (None, (0, 0), ""),
    ],
)
def test_a_file_that_crosses_or_starts_below_dip_below_has_dipped(
    facts, ask, said, baseline, measured, then, now, text
):
    files = {"src/b.py": (10, 0), **({"src/a.py": then} if then else {})}
    known = facts(baseline=baseline(files), measured=measured({"src/a.py": now}))
    assert ask(Dip(), known) == ([said("src/a.py", text, "src/a.py")] if text else [])
    if text:
        (one,) = Dip().find(known)
        assert one.mend == "cover one more line or branch"
        assert one.after == 40


def test_several_lines_that_lack_are_counted(facts, baseline, measured):
    (one,) = Dip().find(facts(baseline=baseline({}), measured=measured({"src/a.py": (10, 9)})))
    assert (one.mend, one.before) == ("cover 4 more of its lines or branches", None)


def test_without_a_baseline_there_is_no_floor_and_no_dip(facts, ask, measured):
    known = facts(measured=measured({"src/a.py": (10, 10)}, covered=70))
    assert [ask(rule, known) for rule in RULES] == [[]] * len(RULES)


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (None, "no run of the running phase is recorded here"),
        ({"kind": Kind.PARTIAL, "reasons": ("-x",)}, "the run is partial: -x"),
        ({"kind": Kind.TIMED_OUT}, "the run is timed-out"),
        ({"head": "other"}, "source differ from the commit"),
        ({"stale": "stale, tests changed since"}, "stale, tests changed since"),
        ({"files": None}, "its files are lost"),
    ],
)
def test_figures_that_are_not_heads_prove_no_fall_and_are_unknown_once(facts, ask, baseline, measured, run, why):
    fallen = dict.fromkeys(BEFORE, (10, 10))
    made = None if run is None else measured(**{"files": fallen, "covered": 0, **run})
    known = facts(baseline=baseline(BEFORE), measured=made)
    told = [one for rule in RULES for one in ask(rule, known)]
    assert [(one.where, one.state) for one in told] == [("pyproject.toml", "unknown")]
    assert told[0].text.startswith("floors: ")
    assert told[0].text.endswith(why)
