from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_roadmap.core.criterion import Facts
from coverage_roadmap.core.measurement import Kind, Outcomes, Tree
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.sites.site import Site
from coverage_roadmap.core.standing import Distance, goal_of, stand
from coverage_roadmap.core.verdict import Answer

GREEN, THRESHOLD = {"criterion": "green"}, {"criterion": "threshold", "at-least": 60}
AT_61, AT_50 = ({"criterion": "coverage", "at-least": at_least} for at_least in (61, 50))
CLOSED = {"closed": {"on": date(2026, 3, 1), "commit": "c" * 40, "record": "r"}}
SITES = [Site("pytest.ini", 2, Decimal(60), 0, 2)]
COMMITS = {"c" * 40}


def phase(*criteria, **given):
    return build(Phase, {"name": "phase2", "fail-under": 60, "exit": list(criteria), **given})


@pytest.mark.parametrize(
    ("criteria", "goal"),
    [([], 60), ([GREEN, THRESHOLD], 60), ([AT_61, GREEN], 61), ([AT_50], 60), ([AT_50, AT_61], 61)],
)
def test_the_goal_is_the_highest_total_that_the_exit_asks_for(criteria, goal):
    assert goal_of(phase(*criteria)) == goal


def test_a_phase_whose_criteria_are_met_is_met(record):
    standing = stand(phase(GREEN, AT_61, THRESHOLD), Facts([record()], COMMITS, sites=SITES), running=True)
    assert standing.answer is Answer.MET
    assert (standing.newest, standing.distance) == (record(), Distance(Decimal(61), Fraction(0), 0))
    assert (standing.running, standing.regression, standing.stale) == (True, "", "")


def test_one_unknown_criterion_makes_the_phase_unknown_and_none_at_all_too(record):
    documented = {"criterion": "documented-in-pr", "stories": ["s"]}
    assert stand(phase(GREEN, documented), Facts([record()], COMMITS), running=True).answer is Answer.UNKNOWN
    assert stand(phase(), Facts([record()], COMMITS), running=True).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("covered", "total", "points", "lines"),
    [
        (60, 100, Fraction(1), 1),
        (60999, 100_000, Fraction(1, 1000), 1),
        (61, 100, Fraction(0), 0),
        (1, 3, 61 - Fraction(100, 3), 1),
    ],
)
def test_the_distance_is_exact_and_in_lines_rounded_up(record, covered, total, points, lines):
    standing = stand(phase(AT_61), Facts([record(covered=covered, total=total)]), running=True)
    assert standing.distance == Distance(Decimal(61), points, lines)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        (None, "no full run of the canonical leg is recorded"),
        ({"kind": Kind.PARTIAL}, "no full run of the canonical leg is recorded"),
        ({"canonical": False}, "no full run of the canonical leg is recorded"),
        ({"covered": 0, "total": 0}, "nothing was measured"),
    ],
)
def test_without_a_measured_canonical_run_the_distance_is_unknown(record, given_, why):
    standing = stand(phase(AT_61), Facts([record(**given_)] if given_ else []), running=True)
    assert (standing.distance, standing.undistanced) == (None, why)


def test_the_distance_is_of_the_newest_full_canonical_record_whatever_its_figure(record):
    records = [record(canonical=False, covered=99), record(kind=Kind.TIMED_OUT), record(covered=50), record(covered=90)]
    assert stand(phase(), Facts(records), running=True).newest == records[2]


def test_what_was_met_before_head_changed_is_unknown_now_but_for_what_is_read_at_head(record):
    facts = Facts([record()], COMMITS, sites=SITES)
    standing = stand(phase(GREEN, AT_61, THRESHOLD), facts, running=True, head=Tree("other", "tests"))
    assert [v.answer for v in standing.verdicts] == [Answer.UNKNOWN, Answer.UNKNOWN, Answer.MET]
    assert standing.stale == "stale, source and tests changed since: run it again"
    assert standing.verdicts[0].reason == f"3 passed; {standing.stale}"


@pytest.mark.parametrize(
    ("given_", "head", "closed"),
    [({}, Tree("t1"), {}), ({}, None, {}), ({}, Tree("other"), CLOSED), ({"head": None}, Tree("other"), {})],
)
def test_nothing_is_stale_at_the_same_tree_without_evidence_or_in_a_closed_phase(record, given_, head, closed):
    standing = stand(phase(GREEN, **closed), Facts([record(**given_)]), running=True, head=head)
    assert (standing.stale, standing.answer) == ("", Answer.MET)


def test_what_is_not_met_stays_so_when_head_changes(record):
    standing = stand(phase(AT_61), Facts([record(covered=1)], COMMITS), running=True, head=Tree("other"))
    assert standing.answer is Answer.NOT_MET


def test_a_closed_phases_later_loss_is_a_regression_and_an_unknown_is_none(record):
    lost = Facts([record(covered=50, outcomes=Outcomes(3, 2, flaky=("t",)))], COMMITS)
    closed = phase(GREEN, THRESHOLD, AT_61, **CLOSED)
    assert stand(closed, lost, running=False).regression == (
        "green: 1 flaky test; coverage at least 61: 50.00: 11 more lines to cover"
    )
    assert stand(closed, Facts(), running=False).regression == ""
    assert stand(phase(GREEN), lost, running=True).regression == ""
