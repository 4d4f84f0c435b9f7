"""Drift: one file says 80 while another says 30, and gates that can never fail."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coverage_roadmap.core.finding import Finding, Severity, State
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.rules.rule import Facts, Rule


class SitesDisagree(Rule):
    """A site demands another threshold than the config.

    The threshold stands in many files, and a team that reads 80 in one while CI demands 30 by another has no gate.
    Write the same value everywhere with `invoke bump --to N`, or take the site out.
    """

    id = "DRIFT001"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each site whose value is not the config's."""
        wanted = facts.roadmap.threshold
        moved = facts.before is not None and facts.before.threshold != wanted
        for site in facts.found.sites:
            if site.value != wanted and (moved or facts.judges(site.file)):
                says = f"demands {show_threshold(site.value)}, the config {show_threshold(wanted)}"
                mend = f"invoke bump --to {show_threshold(max(site.value, wanted))}"
                figures = (Fraction(wanted), Fraction(site.value))
                yield Finding(site.file, site.line, says, mend, "threshold", State.FOUND, *figures)


class GateNeverFails(Rule):
    """A gate can never fail.

    A threshold behind `|| true`, on a step that may fail, in a job that never runs, in a workflow that is no YAML,
    overridden by a later option, in a settings file that another goes before, or out of `vars` that no commit changes
    is a figure and no gate. Write the number into the file that is read, and let the command's own exit code decide.
    """

    id = "DRIFT002"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each flaw of a gate, and each file of CI of which nothing runs."""
        for flaw in facts.found.flaws:
            if facts.judges(flaw.file):
                yield Finding(flaw.file, flaw.line, flaw.what, flaw.mend)
        for dead in facts.found.unclear:
            if dead.dead and facts.judges(dead.file):
                yield Finding(dead.file, dead.line, f"nothing of it runs: {dead.reason}", "write it anew")


class UnclearSite(Rule):
    """A place sets a threshold, and it cannot be told which.

    An expression, a matrix value or an included file may demand anything. Write the number, so that it can be read,
    compared and bumped. It is a warning where another place demands the threshold; where none does, DRIFT004 fails.
    An action of others that is given a number by an input of such a name is taken to demand it; `bump` leaves it alone.
    """

    id = "DRIFT003"
    severity = Severity.WARNING

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each unclear place, but for a number that is given to an action of others and is the config's."""
        wanted = facts.roadmap.threshold
        for unclear in facts.found.unclear:
            if unclear.dead or unclear.given == wanted or not facts.judges(unclear.file):
                continue
            says, mend = unclear.reason, "write the number itself"
            if unclear.given is not None:
                says += f"; {show_threshold(unclear.given)} is given, the config says {show_threshold(wanted)}"
                mend = f"write {show_threshold(wanted)}, where it is the threshold"
            elif unclear.elsewhere:
                mend = "demand the threshold in a file of this project"
            yield Finding(unclear.file, unclear.line, says, mend)


class NoGate(Rule):
    """No site demands the threshold of the config.

    The config's threshold is a wish until something fails below it: a `--cov-fail-under` in pytest's addopts or in CI,
    `fail_under` in coverage's settings, or CI that runs the phase with `--gate threshold`. A workflow that somebody has
    to start (`on: workflow_dispatch` alone) demands nothing. Where CI includes a file that is not looked into, it is
    unknown.
    """

    id = "DRIFT004"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Said once, where the config has a threshold and nothing else has."""
        wanted = facts.roadmap.threshold
        unclear = [one for one in facts.found.unclear if not one.dead]
        sites = [site for site in facts.found.sites if site.kind != "config"]
        started = [site for site in sites if site.file not in facts.found.by_hand]
        demanded = facts.gated or bool(started)
        if not wanted or demanded or any(one.holds(wanted) for one in unclear) or not facts.judges(facts.config):
            return
        told = f"the threshold {show_threshold(wanted)} stands here alone"
        others = f"; {sites[0].where} runs only where somebody starts it" if sites else ""
        others += f"; of {unclear[0].where} it cannot be told" if unclear else ""
        state = State.UNKNOWN if any(one.elsewhere for one in unclear) else State.FOUND
        yield Finding(facts.config, 0, told + others, "demand it in pytest's addopts or in CI", state=state)


RULES = (SitesDisagree(), GateNeverFails(), UnclearSite(), NoGate())
