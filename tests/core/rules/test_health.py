"""Test health: complaints of the test code, each by its rule, and tests that went since the baseline."""

import pytest

from coverage_roadmap.core.finding import State
from coverage_roadmap.core.measurement import FileTests, Kind
from coverage_roadmap.core.parsing import Parsing
from coverage_roadmap.core.rules.health import RULES, Broken, FewerTests, Hollow, NeverRuns, NoAssertion, Swallowed
from coverage_roadmap.core.testcode import Complaint
from coverage_roadmap.core.testcode import Kind as Of

OWN = {
    Broken: Of.BROKEN,
    NoAssertion: Of.NO_ASSERTION,
    Hollow: Of.HOLLOW,
    Swallowed: Of.SWALLOWED,
    NeverRuns: Of.SKIPPED,
}


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.id)
def test_each_kind_of_complaint_is_one_rules_at_its_place(facts, ask, said, rule):
    every = [Complaint("tests/test_a.py", n, kind, f"{kind}!") for n, kind in enumerate(Of, 1)]
    line = list(Of).index(OWN[rule]) + 1
    told = ask(rule(), facts(complaints=every))
    assert told == [said(f"tests/test_a.py:{line}", f"{OWN[rule]}!", "tests/test_a.py")]
    assert ask(rule(), facts(complaints=every, changed={"tests/test_b.py"})) == []
    assert ask(rule(), facts(complaints=every, changed={"tests/test_a.py"})) == told


def test_every_kind_of_complaint_is_some_rules():
    assert sorted(OWN.values()) == sorted(Of)


def test_honest_tests_are_no_finding(facts, ask):
    assert [ask(rule, facts()) for rule in RULES] == [[]] * len(RULES)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ((3, 3, 0), ""),
        ((5, 4, 1), ""),
        ((3, 2, 1), "3 of 3 tests passed in the baseline, 2 of 3 tests passed now"),
        ((1, 1, 0), "3 of 3 tests passed in the baseline, 1 of 1 test passed now"),
        (None, "3 of 3 tests passed in the baseline, 0 of 0 tests passed now"),
    ],
)
def test_tests_that_were_skipped_removed_or_deselected_since_the_baseline_are_found(
    facts, ask, said, baseline, measured, now, text
):
    files = {"tests/test_new.py": FileTests(1, 1), **({"tests/test_a.py": FileTests(*now)} if now else {})}
    known = facts(baseline=baseline({}, tests={"tests/test_a.py": (3, 3, 0)}), measured=measured({}, tests=files))
    assert ask(FewerTests(), known) == ([said("tests/test_a.py", text, "tests/test_a.py")] if text else [])


def test_tests_of_a_renamed_file_are_not_lost(facts, ask, baseline, measured):
    known = {
        "baseline": baseline({}, tests={"tests/test_a.py": (3, 3, 0)}),
        "measured": measured({}, tests={"tests/test_b.py": FileTests(3, 3)}),
    }
    assert ask(FewerTests(), facts(**known, renames={"tests/test_a.py": "tests/test_b.py"})) == []
    assert len(ask(FewerTests(), facts(**known))) == 1


def test_a_partial_run_and_no_baseline_lose_no_tests(facts, ask, baseline, measured):
    lost = baseline({}, tests={"tests/test_a.py": (3, 3, 0)})
    assert ask(FewerTests(), facts(baseline=lost, measured=measured({}, kind=Kind.PARTIAL))) == []
    assert ask(FewerTests(), facts(baseline=lost)) == []
    assert ask(FewerTests(), facts(baseline=lost, measured=measured())) == []
    assert ask(FewerTests(), facts(measured=measured({}))) == []


@pytest.mark.parametrize(
    ("text", "theirs", "state"),
    [
        ("it does not parse: x", "3.11", State.FOUND),
        ("it does not parse: x", "3.14", State.UNKNOWN),
        ("it has more than 5 characters", "3.14", State.FOUND),
    ],
)
def test_what_a_newer_python_may_parse_is_unknown(facts, ask, text, theirs, state):
    complaints = [Complaint("tests/test_a.py", 3, Of.BROKEN, text)]
    (finding,) = ask(Broken(), facts(complaints=complaints, parsing=Parsing("3.11", theirs)))
    assert finding.state == state
