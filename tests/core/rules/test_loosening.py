"""Loosening: our own files, edited to ask for less."""

from datetime import date

import pytest

from coverage_roadmap.core.rules.loosening import RULES, BaselineAsksForLess, BaselineOfNoRecord, ConfigAsksForLess
from coverage_roadmap.core.rules.rule import Fault

FILE = "coverage-baseline.json"


def test_each_key_that_asks_for_less_is_found_with_its_figures(facts, ask, said, config):
    known = facts({"threshold": 50, "headroom": 3}, before=config(threshold=60))
    assert ask(ConfigAsksForLess(), known) == [
        said("pyproject.toml", "threshold asks for less: 60 before, 50 now", "threshold"),
        said("pyproject.toml", "headroom asks for less: 0.5 before, 3 now", "headroom"),
    ]
    first, second = ConfigAsksForLess().find(known)
    assert (first.before, first.after, second.before, second.after) == (60, 50, None, None)
    assert [one.mend.partition("--what ")[2] for one in (first, second)] == ["threshold", "headroom"]


def test_a_waiver_that_grows_is_waived_by_none(facts, ask, config, waiver):
    before = config(waivers=[waiver(until=date(2026, 4, 1))])
    (one,) = ConfigAsksForLess().find(facts({"waivers": [waiver(until=date(2026, 5, 1))]}, before=before))
    assert (one.waivable, one.mend) == ("", "put it back")


def test_a_config_that_asks_for_more_or_the_same_is_no_finding(facts, ask, config):
    assert ask(ConfigAsksForLess(), facts({"threshold": 61}, before=config())) == []
    assert ask(ConfigAsksForLess(), facts(before=config())) == []


def test_without_a_config_to_compare_with_it_is_unknown(facts, ask, said):
    told = ask(ConfigAsksForLess(), facts(no_before="there was no config at 0123abcd"))
    assert told == [said("pyproject.toml", "there was no config at 0123abcd", "", "unknown")]


@pytest.mark.parametrize(
    ("now", "scope", "texts"),
    [
        ((10, 2), {}, []),
        ((10, 1), {}, []),
        ((10, 4), {}, ["src/a.py: lines 80.00 %, 2 missed -> lines 60.00 %, 4 missed"]),
        ((10, 2), {"omit": ("x",)}, ["scope: none -> omit x"]),
    ],
)
def test_a_baseline_that_asks_for_less_is_found(facts, ask, baseline, now, scope, texts):
    known = facts(baseline_before=baseline({"src/a.py": (10, 2)}), baseline=baseline({"src/a.py": now}, **scope))
    told = ask(BaselineAsksForLess(), known)
    assert [one.text for one in told] == texts
    assert [one.where for one in told] == [FILE] * len(texts)
    assert [one.waivable for one in told] == (["scope x"] if scope else [text.split(":")[0] for text in texts])


def test_a_floor_that_fell_has_its_figures_and_follows_a_renamed_file(facts, baseline):
    known = facts(
        baseline_before=baseline({"src/old.py": (10, 2)}),
        baseline=baseline({"src/a.py": (10, 4)}),
        renames={"src/old.py": "src/a.py"},
    )
    (one,) = BaselineAsksForLess().find(known)
    assert (one.before, one.after) == (80, 60)


def test_a_baseline_that_did_not_follow_a_renaming_yet_asks_for_no_less(facts, ask, baseline):
    one = baseline({"src/old.py": (10, 2)})
    known = {"renames": {"src/old.py": "src/a.py"}, "existing": {"src/a.py"}}
    assert ask(BaselineAsksForLess(), facts(baseline_before=one, baseline=one, **known)) == []


def test_a_file_that_is_there_and_not_measured_any_more_is_told_from_one_that_went(facts, ask, baseline):
    before = baseline({"src/a.py": (10, 2), "src/b.py": (3, 0)})
    known = {"baseline_before": before, "baseline": baseline({"src/b.py": (3, 0)})}
    assert ask(BaselineAsksForLess(), facts(**known)) == []
    assert len(ask(BaselineAsksForLess(), facts(**known, existing={"src/a.py"}))) == 1


def test_a_baseline_that_went_is_found_and_a_first_one_is_not(facts, ask, said, baseline):
    one = baseline({"src/a.py": (10, 2)})
    gone = facts(baseline_before=one, no_baseline="it is no whole baseline")
    assert ask(BaselineAsksForLess(), gone) == [said(FILE, "there was a baseline before: it is no whole baseline")]
    assert ask(BaselineAsksForLess(), facts(baseline=one)) == []


def test_each_fault_of_the_baseline_is_said(facts, ask, said):
    faults = [Fault("has a conflict marker", 7), Fault("src/a.py is not what its record r1 gives")]
    assert ask(BaselineOfNoRecord(), facts(faults=faults)) == [
        said(f"{FILE}:7", "has a conflict marker"),
        said(FILE, "src/a.py is not what its record r1 gives"),
    ]
    assert ask(BaselineOfNoRecord(), facts()) == []


def test_nothing_that_asks_for_less_is_no_finding(facts, ask, config, baseline):
    one = baseline({"src/a.py": (10, 2)})
    known = facts(before=config(), baseline_before=one, baseline=one)
    assert [ask(rule, known) for rule in RULES] == [[]] * len(RULES)
