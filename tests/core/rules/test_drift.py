"""Drift: sites that disagree, gates that never fail, and what cannot be told."""

from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_roadmap.core.rules.drift import GateNeverFails, NoGate, SitesDisagree, UnclearSite
from coverage_roadmap.core.sites.site import Flaw, Found, Site, Unclear


def site(file, value, line=3, kind="pytest addopts"):
    return Site(file, line, Decimal(value), 0, 2, kind)


OWN = site("pyproject.toml", 60, 9, "config")


def test_each_site_that_demands_another_value_than_the_config_is_found(facts, ask, said):
    found = Found((OWN, site("pytest.ini", 30), site("Makefile", "60.0"), site("tox.ini", 80, 0)))
    assert ask(SitesDisagree(), facts(found=found)) == [
        said("pytest.ini:3", "demands 30, the config 60", "threshold"),
        said("tox.ini", "demands 80, the config 60", "threshold"),
    ]


@pytest.mark.parametrize(("value", "mend"), [(30, "invoke bump --to 60"), ("80.5", "invoke bump --to 80.5")])
def test_the_sites_are_mended_by_a_bump_to_the_higher_value_and_the_figures_are_what_a_waiver_names(facts, value, mend):
    (one,) = SitesDisagree().find(facts(found=Found((site("pytest.ini", value),))))
    assert (one.mend, one.before, one.after) == (mend, Fraction(60), Fraction(Decimal(value)))


@pytest.mark.parametrize(
    ("changed", "before", "count"),
    [(None, 60, 1), ({"pytest.ini"}, 60, 1), ({"README.md"}, 60, 0), ({"pyproject.toml"}, 50, 1), (set(), None, 0)],
)
def test_since_a_revision_a_site_is_judged_where_it_or_the_threshold_changed(
    facts, ask, config, changed, before, count
):
    known = facts(
        found=Found((site("pytest.ini", 50),)),
        changed=changed,
        before=None if before is None else config(threshold=before),
    )
    assert len(ask(SitesDisagree(), known)) == count


def test_flaws_and_unclear_places_are_said_with_their_places_where_they_are_judged(facts, ask, said):
    flaw = Flaw("ci.yml", 7, "`|| true` hides that it fails", "take it out")
    unclear = Unclear("ci.yml", 9, "an expression")
    known = facts(found=Found((OWN,), (unclear,), (flaw,)))
    assert ask(GateNeverFails(), known) == [said("ci.yml:7", "`|| true` hides that it fails")]
    assert ask(UnclearSite(), known) == [said("ci.yml:9", "an expression")]
    dead = Unclear("ci.yml", 4, "it cannot be parsed", dead=True)
    broken = facts(found=Found((OWN,), (dead,)))
    assert ask(GateNeverFails(), broken) == [said("ci.yml:4", "nothing of it runs: it cannot be parsed")]
    assert ask(UnclearSite(), broken) == ask(GateNeverFails(), facts(found=broken.found, changed={"a"})) == []
    elsewhere = facts(found=known.found, changed={"src/a.py"})
    assert ask(GateNeverFails(), elsewhere) == ask(UnclearSite(), elsewhere) == []


@pytest.mark.parametrize(
    ("threshold", "sites", "changed", "alone"),
    [
        (60, (OWN,), None, True),
        (60, (), None, True),
        (60, (OWN,), {"src/a.py"}, False),
        (60, (OWN, site("pytest.ini", 60)), None, False),
        (60, (OWN, site("pyproject.toml", 60, 30, "coverage fail_under")), None, False),
        (0, (), None, False),
    ],
)
def test_a_threshold_that_nothing_demands_is_said(facts, ask, said, threshold, sites, changed, alone):
    known = facts({"threshold": threshold}, found=Found(sites), changed=changed)
    wanted = [said("pyproject.toml", "the threshold 60 stands here alone")] if alone else []
    assert ask(NoGate(), known) == wanted


@pytest.mark.parametrize(
    ("unclear", "told", "state"),
    [
        (Unclear("ci.yml", 9, "an expression", "${{ vars.X }}"), "; of ci.yml:9 it cannot be told", "found"),
        (Unclear("ci.yml", 9, "included", "jobs.yml", elsewhere=True), "; of ci.yml:9 it cannot be told", "unknown"),
        (Unclear("ci.yml", 9, "shared by jobs", "80"), "; of ci.yml:9 it cannot be told", "found"),
        (Unclear("ci.yml", 9, "it cannot be parsed", "60", dead=True), "", "found"),
        (Unclear("ci.yml", 9, "shared by jobs", "60.0"), None, ""),
        (Unclear("ci.yml", 9, "an input of an action", "60", elsewhere=True), None, ""),
    ],
)
def test_a_threshold_that_may_stand_where_it_cannot_be_told_is_unknown_only_in_a_file_elsewhere(
    facts, ask, said, unclear, told, state
):
    known = facts(found=Found((OWN,), (unclear,)))
    wanted = [] if told is None else [said("pyproject.toml", f"the threshold 60 stands here alone{told}", "", state)]
    assert ask(NoGate(), known) == wanted


def test_a_gate_that_somebody_has_to_start_demands_nothing(facts, ask, said):
    by_hand = site("ci.yml", 60)
    known = facts(found=Found((OWN, by_hand), by_hand=("ci.yml",)))
    told = f"the threshold 60 stands here alone; {by_hand.where} runs only where somebody starts it"
    assert ask(NoGate(), known) == [said("pyproject.toml", told)]
    assert ask(NoGate(), facts(found=Found((OWN, by_hand, site("pytest.ini", 60)), by_hand=("ci.yml",)))) == []


def test_ci_that_runs_a_phase_with_its_gate_demands_the_threshold(facts, ask):
    assert ask(NoGate(), facts(found=Found((OWN,)), gated=True)) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("60", None),
        ("60.0", None),
        ("70", ("an input; 70 is given, the config says 60", "write 60, where it is the threshold")),
        ("${{ vars.MIN }}", ("an input", "demand the threshold in a file of this project")),
        ("60 or 70", ("an input", "demand the threshold in a file of this project")),
        ("", ("an input", "demand the threshold in a file of this project")),
    ],
)
def test_a_number_that_an_action_of_others_is_given_is_held_to_the_config(facts, given, told):
    unclear = Unclear("ci.yml", 9, "an input", given, elsewhere=True)
    found = list(UnclearSite().find(facts(found=Found((OWN,), (unclear,)))))
    assert [(one.text, one.mend) for one in found] == ([told] if told else [])
