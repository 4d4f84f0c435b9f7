"""The check: all rules asked, their findings waived, ignored or counted, and the exit code that they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core import roadmap, waiver
from coverage_roadmap.core.finding import FIRM, Finding, Judged, Severity, State
from coverage_roadmap.core.rules import drift, evidence, floor, health, loosening, scope, waivers
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.sieve import Problem
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import ExitCode, UsageError

RULES: tuple[Rule, ...] = (
    *drift.RULES,
    *scope.RULES,
    *floor.RULES,
    *evidence.RULES,
    *loosening.RULES,
    *health.RULES,
    *waivers.RULES,
)
"""In the order in which they are asked."""
IDS = {rule.id: rule for rule in RULES}


class Check(Struct, frozen=True):
    """What the check found."""

    judged: Sequence[Judged]
    require_measurement: bool = False

    def fails(self, one: Judged) -> bool:
        """Whether a finding fails it: by itself, or since the measurement that it needs is required and lacks."""
        unknown = one.finding.state is State.UNKNOWN and one.severity is Severity.ERROR
        return one.fails or (self.require_measurement and unknown and IDS[one.rule].needs_measurement)

    @property
    def failing(self) -> list[Judged]:
        """What fails it."""
        return [one for one in self.judged if self.fails(one)]

    @property
    def exit_code(self) -> ExitCode:
        """1 where something fails it."""
        return ExitCode.NOT_MET if self.failing else ExitCode.DONE


def check(facts: Facts, rules: Sequence[Rule] = RULES, *, require_measurement: bool = False) -> Check:
    """Ask the rules.

    Args:
        facts: what the rules judge on.
        rules: those that are asked; by default all.
        require_measurement: whether a rule that needs a measurement fails without one.
    """
    judged = []
    for rule in rules:
        severity = severity_of(rule, facts)
        if severity is Severity.OFF:
            continue
        found = sorted(rule.find(facts), key=lambda finding: (finding.file, finding.line, finding.text))
        judged += [Judged(rule.id, severity, _waived(finding, facts)) for finding in _unignored(rule, found, facts)]
    return Check(judged, require_measurement)


def severity_of(rule: Rule, facts: Facts) -> Severity:
    """The config's severity for a rule, else the rule's own; firm rules keep theirs."""
    own = _settings(rule, facts).severity.get(rule.id)
    return Severity(own) if own and not rule.id.startswith(FIRM) else rule.severity


def explain(name: str) -> str:
    """A rule's advice.

    Raises:
        UsageError: there is no such rule.
    """
    rule = IDS.get(name.upper())
    if rule is None:
        raise UsageError(nearest(name.upper(), IDS, "rule"), where=f"--explain {name}")
    return f"{rule.id} ({rule.severity})\n\n{rule.advice}"


def problems(settings: roadmap.Check) -> list[Problem]:
    """The rules that the config names and that there are not: what is said of them would never take effect."""
    named = [(f"check.severity.{name}", name) for name in settings.severity]
    named += [("check.ignore.rules", name) for one in settings.ignore for name in one.rules]
    return [Problem(key, repr(name), nearest(name, IDS, "rule")) for key, name in named if name not in IDS]


def _settings(rule: Rule, facts: Facts) -> roadmap.Check:
    """The config's table for a rule. A change of the config is judged by the table as it was before that change."""
    judge = facts.before if rule.id.startswith("LOOSE") and facts.before else facts.roadmap
    return judge.check


def _unignored(rule: Rule, findings: Sequence[Finding], facts: Facts) -> Iterator[Finding]:
    """Less those that the config ignores by their file; firm rules are asked of every file."""
    patterns = [one.path for one in _settings(rule, facts).ignore if not one.rules or rule.id in one.rules]
    for finding in findings:
        if rule.id.startswith(FIRM) or not any(fnmatchcase(finding.file, pattern) for pattern in patterns):
            yield finding


def _waived(finding: Finding, facts: Facts) -> Finding:
    """The finding, as a waiver that has not expired leaves it."""
    if finding.state is not State.FOUND or not finding.waivable:
        return finding
    for one in facts.roadmap.waivers:
        if waiver.fits(one, finding.waivable, finding.before, finding.after, facts.day):
            by = f"{finding.text}; waived until {one.until} by {one.owner}: {one.reason}"
            return replace(finding, text=by, state=State.WAIVED)
    return finding
