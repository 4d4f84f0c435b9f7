"""How the check's findings are shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.check import Checked
from coverage_roadmap.core.finding import Judged, Severity, State
from coverage_roadmap.render import views
from coverage_roadmap.render.annotations import view
from coverage_roadmap.render.page import Facts, Items, Page, Section, Source, Tone, Word


def page(value: Checked) -> Page:
    """For people: what fails first, then the rest, each with how to mend it."""
    if value.advice:
        return Page("Check", [Section("", [Source(value.advice)])])
    judged = value.check.judged
    failing = value.check.failing
    counted = [
        ("failing", len(failing)),
        ("warnings", sum(one.finding.state is State.FOUND and not one.fails for one in judged)),
        ("unknown", sum(one.finding.state is State.UNKNOWN for one in judged)),
        ("waived", sum(one.finding.state is State.WAIVED for one in judged)),
    ]
    head: list[tuple[str | Word, str | Word]] = [(name, f"{count}") for name, count in counted if count]
    sections = [Section("", [Facts(head or [("findings", "none")])])]
    rest = [one for one in judged if not value.check.fails(one)]
    for heading, ones in (("failing", failing), ("not failing", rest)):
        if ones:
            sections.append(Section(heading, [Items([(_mark(one), _told(one)) for one in ones])]))
    return Page("Check", [*sections, *views.notes(value.notes)])


def github(value: Checked) -> str:
    """For GitHub's runner, which shows each finding on its line of the pull request."""
    return f"{value.advice}\n" if value.advice else view(value.check, value.prefix)


def _mark(one: Judged) -> Word:
    if one.finding.state is not State.FOUND:
        return Word(one.finding.state, Tone.UNSURE)
    return Word(one.severity, Tone.BAD if one.severity is Severity.ERROR else Tone.UNSURE)


def _told(one: Judged) -> str:
    where = f"{one.where}: " if one.where else ""
    return f"{one.rule} {where}{one.finding.text}; mend: {one.finding.mend}"


def data(value: Checked) -> dict[str, Any]:
    """For machines."""
    if value.advice:
        return {"advice": value.advice}
    findings = [views.judged_data(one, fails=value.check.fails(one)) for one in value.check.judged]
    return {"findings": findings, "failing": len(value.check.failing), "notes": list(value.notes)}
