"""What the doctor's findings look like."""

from __future__ import annotations

from coverage_roadmap.core.checkup import Finding
from coverage_roadmap.render.page import Items, Section, Word
from coverage_roadmap.render.views import answer


def sections(values: list[Finding]) -> list[Section]:
    """What the doctor found, by area."""
    areas = dict.fromkeys(value.area for value in values)
    return [Section(area, [Items([_finding(value) for value in values if value.area == area])]) for area in areas]


def _finding(value: Finding) -> tuple[Word, str]:
    return answer(value.answer), f"{value.text}; mend: {value.mend}" if value.mend else value.text
