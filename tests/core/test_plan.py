from decimal import Decimal

import pytest

from coverage_roadmap.core import plan, selection
from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.errors import UsageError


@pytest.mark.parametrize(
    ("name", "story", "gate", "words", "demands"),
    [
        ("phase2", "", "phase", [], Decimal(60)),
        ("phase2", "", "threshold", [], Decimal(40)),
        ("phase2", "", "none", [], None),
        ("phase2", "", "phase", ["-v", "--tb=short"], Decimal(60)),
        ("phase2", "", "phase", ["-k", "x"], None),
        ("phase2", "two", "phase", [], None),
        ("phase0", "", "phase", [], None),
        ("phase0", "", "threshold", [], None),
    ],
)
def test_only_a_whole_run_of_a_phase_has_a_gate(roadmap, name, story, gate, words, demands):
    assert plan.make(roadmap, name, story, gate, words).gate == demands


def test_a_phase_runs_its_selection_under_its_heading(roadmap):
    made = plan.make(roadmap, "phase2", "", "phase", ["-v"])
    assert (made.heading, made.by_hand, made.phase) == ("Up", ("-v",), roadmap.phases[1])
    assert made.selection == selection.of_phase(roadmap, roadmap.phases[1])


def test_phase_zero_has_a_heading_of_its_own(roadmap):
    made = plan.make(roadmap, "phase0", "", "phase", [])
    assert (made.heading, made.phase) == ("The tests of no story", None)
    assert made.selection == selection.of_phase_zero(roadmap)


def test_a_story_of_any_phase_narrows_the_run_and_is_recorded(roadmap):
    made = plan.make(roadmap, "phase2", "one", "phase", ["-x"])
    assert made.by_hand == ("--story=one", "-x")
    assert made.selection.tests == ("tests/test_a.py",)


def test_a_shard_has_no_gate_and_is_recorded_apart_from_what_narrows(roadmap):
    made = plan.make(roadmap, "phase2", "", "phase", ["-v"], Shard(2, 4), "r")
    assert (made.gate, made.shard, made.planned_from) == (None, Shard(2, 4), "r")
    assert (made.by_hand, made.narrowed) == (("--shard=2/4", "-v"), ("-v",))


@pytest.mark.parametrize(
    ("story", "shard", "planned_from", "said"),
    [("two", Shard(1, 2), "", "--story and --shard: give one"), ("", None, "r", "--planned-from r: goes with --shard")],
)
def test_options_that_do_not_go_together_are_refused(roadmap, story, shard, planned_from, said):
    with pytest.raises(UsageError) as caught:
        plan.make(roadmap, "phase2", story, "phase", [], shard, planned_from)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "story", "words"),
    [
        ("phase3", "", "phase3: no such phase: did you mean phase2?"),
        ("phase2", "tow", "--story tow: no such story: did you mean two?"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest(roadmap, name, story, words):
    with pytest.raises(UsageError) as caught:
        plan.make(roadmap, name, story, "phase", [])
    assert str(caught.value).startswith(words[:24])
    assert "did you mean" in str(caught.value)
