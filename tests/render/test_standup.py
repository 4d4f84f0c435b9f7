"""What the stand-up shows: golden pages on the terminal and in Markdown, and the data."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.core import period
from coverage_roadmap.core.board import Card, Column
from coverage_roadmap.core.branch import Branch, Dated
from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.criterion import Facts as Judged
from coverage_roadmap.core.failing import Trace
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, Failure, FileFigures, Kind, Outcomes, Scope
from coverage_roadmap.core.roadmap import Phase, Story, Waiver, build
from coverage_roadmap.core.sites.site import Found, Site
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.standup import Facts, Ticket, checklist
from coverage_roadmap.faces.pages import standup as pages

PHASE = {
    "name": "phase3",
    "fail-under": 65,
    "exit": [{"criterion": "green"}, {"criterion": "coverage", "at-least": 66}],
}
DEEP = "src/services/very_long_package_name/another_long_package/module.py"


@pytest.fixture
def full(report):
    """A record: full, green, evidence."""

    def build(covered, commit="c" * 40, **given):
        start = {"kind": Kind.FULL, "reasons": (), "commit": commit, "totals": Counts(100, 100 - covered)}
        return report(**start, scope=Scope(), **{"outcomes": Outcomes(3, 3), **given}).measurement.summary

    return build


def ticket(name, column, owner="", begun=None):
    story = build(Story, {"id": name, "modules": [DEEP], "tests": ["t.py"], "owner": owner})
    on = Dated(begun and datetime(2026, 2, begun, 9, tzinfo=UTC), "no commit names it")
    branch = Branch(f"coverage/{name}", f"refs/heads/coverage/{name}", on, on) if begun else None
    why = ("no evidence of <phase3> yet",)
    return Ticket(Card(name, "phase3", story, (DEEP,), column, why, (), owner, branch), story, on)


@pytest.fixture
def standup(full):
    """A week with something of everything; names and reasons are hostile."""
    hostile = Failure("tests/t.py::x[@team|<b>\x1b[31m]", "call", "E <script> `a` | [b](c) \u202e")
    record = full(64, outcomes=Outcomes(3, 1, (hostile,)))
    was = full(70, commit="d" * 40)
    now = {DEEP: Counts(50, 40), "src/fine.py": Counts(5), "src/|low|.py": Counts(50, 30)}
    files = {path: FileFigures(counts, ((1, counts.missing),)) for path, counts in now.items()}
    then = {**now, DEEP: Counts(50, 20)}
    compared = compare(Side("week-ago", then, False), Side("today", now, False), Decimal(50))
    on = datetime(2026, 3, 2, 9, tzinfo=UTC)
    until = date(2026, 3, 5)
    facts = Facts(
        period=period.of("7d", on),
        threshold=Decimal(55),
        dip_below=Decimal(50),
        running=stand(build(Phase, PHASE), Judged([record], {"c" * 40}), running=True),
        files=files,
        recent=[record, full(64)],
        tests={hostile.id: 1.5, "t.py::y": 0.2},
        failing={hostile.id: Trace(record, was)},
        newest=record,
        detail=Detail(FORMAT, files),
        before=was,
        comparison=compared,
        tickets=[
            *(ticket("one", Column.IN_PROGRESS, "@ann", 20), ticket("two", Column.BACKLOG, "kim")),
            ticket("three", Column.DONE),
        ],
        sites=Found((Site("pytest.ini", 3, Decimal(55), 0, 0), Site("pyproject.toml", 9, Decimal("55.5"), 0, 0))),
        waivers=[build(Waiver, {"what": "threshold", "reason": "a | b", "owner": "#1", "until": until})],
        regressions=["phase2: green: 1 of 3 tests failed"],
        lacking=["pyfakefs"],
        notes=["20270101T000000000000Z-phase3-0123abcd lies in the future: a clock went back, or is wrong"],
    )
    return Standup(on, facts.period.since, checklist(facts))


def test_the_stand_up_shows_the_golden_page(standup, draw, write, golden):
    page = pages.page(standup)
    golden("standup.txt", draw(page))
    golden("standup-50.txt", draw(page, 50))
    golden("standup.md", write(page))


def test_the_stand_up_gives_the_golden_data(standup, golden):
    data = pages.data(standup)
    golden("standup.json", json.dumps(data, indent=2) + "\n")
    assert json.loads(json.dumps(data)) == data


def test_no_line_is_too_wide_but_for_names(standup, draw):
    for width in (50, 80):
        lines = draw(pages.page(standup), width).splitlines()
        assert [line for line in lines if len(line) > width and not re.search("/|-phase3-", line)] == []


def test_nothing_hostile_gets_through(standup, draw, write):
    for text in (draw(pages.page(standup)), write(pages.page(standup))):
        assert not {"\x1b", "\u202e"} & set(text)
    markdown = write(pages.page(standup))
    assert not re.search(r"(?<!\\)[<|`]|@[a-z]|#[0-9]", markdown.replace("### ", ""))
