"""Shards, one by one and combined, as they are shown."""

import json

import pytest

from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.combined import Combined
from coverage_roadmap.core.measurement import Counts, Kind, Leg, Outcomes
from coverage_roadmap.core.report import Share
from coverage_roadmap.render import combined
from coverage_roadmap.render import report as reports

GREEN = {
    **{"kind": Kind.FULL, "reasons": (), "outcomes": Outcomes(collected=260, passed=260), "shards": 4},
    **{"hidden": (), "modules": (), "criteria": (), "notes": (), "history_error": "", "gate": None, "exit_status": 0},
    "towards_exit": "",
}


@pytest.fixture
def other(report):
    """Makes the report of another leg."""
    return lambda **given: report(
        **{**GREEN, "leg": Leg("3.12", canonical=False), "totals": Counts(2500, 860), **given}
    )


@pytest.fixture
def value(report, other):
    """Two legs of one phase, of which the other one fails, and one of another phase."""
    failing = other(outcomes=report().measurement.summary.outcomes, leg=Leg("3.13", canonical=False), exit_status=1)
    return Combined(
        [report(**GREEN, totals=Counts(2500, 850)), report(**GREEN, phase="phase4", totals=Counts(10, 5))],
        [other(notes=("counted by 3.11",)), failing, other(phase="phase5")],
        ["phase3: no artifact of Python 3.14"],
    )


def test_combined_shards_show_the_golden_page(value, draw, write, golden):
    golden("combined.txt", draw(combined.page(value)))
    golden("combined.md", write(combined.page(value)))


def test_combined_shards_give_a_report_for_each_phase_and_leg(value):
    told = json.loads(json.dumps(combined.data(value)))
    assert [(one["phase"], one["run"]["python"]) for one in told["reports"]] == [("phase3", "3.11"), ("phase4", "3.11")]
    assert [one["run"]["python"] for one in told["others"]] == ["3.12", "3.13", "3.12"]
    assert [one["points"] is None for one in told["others"]] == [False, False, True]
    assert told["notes"] == ["phase3: no artifact of Python 3.14", "phase3 on 3.12: counted by 3.11"]
    assert told["exit_code"] == 1


def test_one_leg_alone_is_shown_as_a_run_is(report, draw):
    assert draw(combined.page(Combined([report(**GREEN)], []))) == draw(report(**GREEN))


def test_without_the_canonical_leg_nothing_is_judged_and_it_is_said(other, draw):
    shown = draw(combined.page(Combined([], [other()])))
    assert shown.startswith("Combined shards\n\nother legs\n")
    assert shown.endswith("note  no artifact is of the canonical leg: no threshold, no history\n")


def test_a_shard_shows_its_share_and_where_it_lies_and_no_total(report, draw):
    share = Share(Shard(2, 4), 600, ".coverage-roadmap/artifacts/part")
    shown = draw(report(**{**GREEN, "kind": Kind.PARTIAL, "shards": 1}, share=share))
    assert "\nshard  2/4, 260 of 600 tests\n" in shown
    assert "\nartifact  .coverage-roadmap/artifacts/part\n" in shown
    assert "total" not in shown
    assert "phase zero" not in shown
    told = reports.data(report(share=share))["shard"]
    assert told == {"number": 2, "of": 4, "tests": 600, "artifact": ".coverage-roadmap/artifacts/part"}


def test_a_shard_without_tests_says_why(report, draw):
    idle = report(outcomes=Outcomes(), share=Share(Shard(9, 9), 6, "a/b"))
    assert "shard  9/9, none of 6 tests: there are more shards than tests\n" in draw(idle)


def test_a_record_that_was_combined_says_of_how_many_shards(report, draw):
    assert "Python 3.11, 4 shards, 2 workers, ctrace" in draw(report(**GREEN))
