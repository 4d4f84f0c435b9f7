"""What each command shows: golden pages on the terminal and in Markdown, and the data."""

import json
import re
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from coverage_roadmap.commands.bump import Bumped
from coverage_roadmap.commands.close import Closing
from coverage_roadmap.commands.diff import Diff
from coverage_roadmap.commands.doctor import Checkup
from coverage_roadmap.commands.exit_check import ExitCheck
from coverage_roadmap.commands.matrix import Matrix
from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.commands.status import Status
from coverage_roadmap.core.bump import Edit, plan
from coverage_roadmap.core.checkup import Finding
from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.criterion import Facts
from coverage_roadmap.core.matrix import Job, Split
from coverage_roadmap.core.measurement import Counts, Failure, Kind, Outcomes, Scope, Tree
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer
from coverage_roadmap.faces.pages import bump, close, diff, doctor, exit_check, matrix, standup, status
from coverage_roadmap.render import report as run

CLOSED = {"on": date(2026, 2, 20), "commit": "0123456789" * 4, "record": "20260220T100000000000Z-phase2-0123abcd"}
DEEP = "src/services/very_long_package_name/another_long_package/module.py"
MISSING = tuple((n, n + n % 7) for n in range(3, 240, 11))

PAGES = {
    **{Report: run, Status: status, ExitCheck: exit_check, Closing: close, Bumped: bump},
    **{Diff: diff, Standup: standup, Checkup: doctor, Matrix: matrix},
}


def page_of(value):
    return PAGES[type(value)].page(value)


def data_of(value):
    return PAGES[type(value)].data(value)


def phase(name, fail_under, closed=None, title=""):
    exit_ = [{"criterion": "green"}, {"criterion": "coverage", "at-least": fail_under + 1}]
    given = {"name": name, "fail-under": fail_under, "exit": exit_, "title": title}
    return build(Phase, given | ({"closed": closed} if closed else {}))


@pytest.fixture
def full(report):
    """A record: full, green, evidence, unless told otherwise."""

    def build(covered=70, total=100, name="phase3", **given):
        start = {
            **{
                "phase": name,
                "kind": Kind.FULL,
                "reasons": (),
                "commit": "c" * 40,
                "totals": Counts(total, total - covered),
            },
            **{"scope": Scope(), "outcomes": Outcomes(3, 3), **given},
        }
        return report(**start).measurement.summary

    return build


@pytest.fixture
def status(full):
    reached = {"c" * 40}
    branches = full(1450, 2500, "phase4", scope=Scope(branch=True), outcomes=Outcomes(9, 8, (Failure("t", "call"),)))
    return Status(
        [
            stand(phase("phase2", 60, CLOSED), Facts([full(59)], reached), running=False),
            stand(phase("phase3", 65, title="Raise | to 65 %"), Facts([full(70)], reached), running=True),
            stand(phase("phase4", 70), Facts([branches], reached), running=False),
            stand(phase("phase5", 75), Facts(), running=False),
            stand(phase("phase6", 80), Facts([full(0, 0)], reached), running=False),
        ],
        notes=["records/x.json is corrupt"],
    )


@pytest.fixture
def story(full):
    modules = [
        ModuleProgress("s", "phase3", DEEP, Decimal("72.5"), Presence.MEASURED, Counts(900, 300).ratio, MISSING),
        ModuleProgress("s", "phase3", "src/a.py", Decimal(65), Presence.MEASURED, Counts(9).ratio),
        ModuleProgress("s", "phase3", "src/gone.py", Decimal(65), Presence.ABSENT),
    ]
    return Status((), "s", modules, full())


@pytest.fixture
def bumped(full):
    texts = {
        "pytest.ini": "[pytest]\naddopts =\n\t-q --cov-fail-under=55\n",
        "pyproject.toml": "[tool.coverage-roadmap]\nthreshold = 55  # weekly\n",
        "setup.cfg": "[coverage:report]\nfail_under = 60.125",
    }
    return Bumped(plan(texts, Decimal("60.125"), full(), Decimal(55)), applied=False)


@pytest.fixture
def diff():
    old = {"src/a.py": Counts(10, 1), "src/low.py": Counts(10, 9), "src/gone.py": Counts(4), "src/same.py": Counts(1)}
    new = {
        "src/a.py": Counts(10, 8),
        "src/low.py": Counts(10, 8),
        "src/fresh.py": Counts(4, 3),
        "src/same.py": Counts(1),
    }
    new |= {DEEP: Counts(10), "src/typed.py": Counts()}
    old |= {DEEP: Counts(10, 5), "src/typed.py": Counts(1)}
    sides = [
        Side("week1.json", old, False, selection="x", kind="full"),
        Side("week2.json", new, False, selection="y", kind="partial"),
    ]
    return Diff(compare(*sides, Decimal(50)))


@pytest.fixture
def doctor():
    text = "pytest\n# pyfakefs\n"
    findings = [
        Finding("platform", Answer.MET, "Linux 6.1"),
        Finding("tools", Answer.NOT_MET, "pytest is missing", "python -m pip install pytest"),
        Finding("tools", Answer.MET, "coverage 7.10"),
        Finding("phase3", Answer.UNKNOWN, "exclude tests/slow excludes nothing", "take it out"),
        Finding("platform", Answer.MET, "enough disk"),
    ]
    return Checkup(findings, Edit("requirements-dev.txt", text, "pytest\npyfakefs\n", ()), applied=True)


@pytest.mark.parametrize("name", ["status", "story", "bumped", "diff", "doctor"])
def test_each_command_shows_the_golden_page(name, request, draw, write, golden):
    page = page_of(request.getfixturevalue(name))
    golden(f"{name}.txt", draw(page))
    golden(f"{name}-50.txt", draw(page, 50))
    golden(f"{name}.md", write(page))


@pytest.mark.parametrize("name", ["status", "story", "bumped", "diff", "doctor", "report"])
def test_each_command_gives_the_golden_data(name, request, golden):
    value = request.getfixturevalue(name)
    data = data_of(value() if name == "report" else value)
    golden(f"{name}.json", json.dumps(data, indent=2) + "\n")


@pytest.mark.parametrize("name", ["status", "story", "bumped", "diff", "doctor"])
def test_no_line_of_a_page_is_too_wide_but_for_names_and_what_is_shown_as_it_is(name, request, draw):
    lines = draw(page_of(request.getfixturevalue(name)), 50).splitlines()
    assert [line for line in lines if len(line) > 50 and not re.search("/|[+-]|-phase3-", line)] == []


def test_an_exit_check_is_its_phases_section_with_notes(status, draw):
    shown = draw(page_of(ExitCheck(status.phases[1], ["a record is corrupt"])))
    assert shown.startswith("Exit check\n\nphase3  Raise | to 65 %\n  state    running\n")
    assert shown.endswith("\n\nnote  a record is corrupt\n")
    data = data_of(ExitCheck(status.phases[1]))
    assert (data["phase"], data["answer"], data["notes"]) == ("phase3", "met", [])


@pytest.mark.parametrize(("applied", "said"), [(True, "yes"), (False, "no, this is a dry run")])
def test_a_closing_shows_its_evidence_and_its_edit(full, draw, applied, said):
    edit = Edit("pyproject.toml", "a\n", "b\n", ())
    closing = Closing(phase("phase3", 65), full(), edit, applied=applied)
    shown = draw(page_of(closing))
    assert shown.startswith(f"Close phase3\nevidence  {full().id}\nwritten   {said}\n\n--- a/pyproject.toml\n")
    assert shown.endswith("\n-a\n+b\n")
    assert data_of(closing) == {"phase": "phase3", "record": full().id, "written": applied}


def test_a_matrix_is_a_table_and_what_a_workflow_takes(draw):
    matrix = Matrix(
        [Job("p", "3.11", "p", canonical=True), Job("p", "3.12", "p-3.12", canonical=False)], None, [Split("p")]
    )
    assert draw(page_of(matrix)).splitlines() == [
        *("CI matrix", "session  python  canonical  shard", "p        3.11    yes        1/1"),
        *(
            "p-3.12   3.12    no         1/1",
            "",
            "note  p: one shard, since no full run of the canonical leg has recorded",
        ),
        "      durations yet",
    ]
    assert data_of(matrix)["notes"] == matrix.notes
    assert [job["canonical"] for job in data_of(matrix)["include"]] == [True, False]


def test_a_bump_that_changes_nothing_says_so(full, draw):
    texts = {"pyproject.toml": "[tool.coverage-roadmap]\nthreshold = 55\n"}
    bumped = Bumped(plan(texts, Decimal(55), full(), Decimal(55)), applied=True)
    assert "written   nothing: each site demands it already\n" in draw(page_of(bumped))
    assert data_of(bumped)["written"] is False


def test_a_bump_that_was_committed_and_what_it_did_not_touch_are_told(full, draw):
    texts = {
        "pyproject.toml": "[tool.coverage-roadmap]\nthreshold = 55\n",
        ".github/workflows/ci.yml": (
            "on: push\njobs:\n  a:\n    steps:\n      - run: pytest --cov --cov-fail-under=${{ matrix.gate }}\n"
        ),
    }
    shown = draw(page_of(Bumped(plan(texts, Decimal(60), full(), Decimal(55)), applied=True, committed=True)))
    assert "written   yes, and committed\n" in shown
    assert "not touched\n  unclear  .github/workflows/ci.yml:5:" in shown


def test_a_diff_of_equal_sides_and_one_that_cannot_be_compared_say_so(draw):
    same = Side("a", {"x.py": Counts(2, 1)}, False)
    assert draw(page_of(Diff(compare(same, same, Decimal(0))))).endswith("\n\nfiles  none changed\n")
    assert data_of(Diff(compare(same, same, Decimal(0))))["exact"] == "0"
    empty = Diff(compare(Side("e", {}, False), same, Decimal(50)))
    assert "total    unknown: a side has no percentage\n" in draw(page_of(empty))
    assert data_of(empty)["points"] is None


def test_a_story_without_a_record_is_unknown(draw):
    assert draw(page_of(Status((), "s"))) == "Story s\nmeasured in  unknown: no run is recorded\n"
    assert data_of(Status((), "s")) == {"story": "s", "record": None, "modules": [], "notes": []}


@pytest.mark.parametrize(
    ("given", "gate"),
    [
        ({}, {"fail_under": 65.0, "met": True}),
        ({"gate": Decimal("70.125")}, {"fail_under": 70.125, "met": False}),
        ({"gate": None}, None),
        ({"kind": Kind.TIMED_OUT}, {"fail_under": 65.0, "met": None}),
        ({"kind": Kind.FAILED}, {"fail_under": 65.0, "met": None}),
        ({"totals": Counts()}, {"fail_under": 65.0, "met": None}),
    ],
)
def test_a_gate_that_was_not_judged_is_neither_met_nor_not_in_the_data(report, given, gate):
    assert data_of(report(**given))["gate"] == gate


def test_the_data_of_a_run_say_what_is_not_known(report):
    data = data_of(report(zero=None, history_error="", kind=Kind.FULL, reasons=()))
    assert (data["phase_zero"], data["history_error"], data["why_no_evidence"]) == (None, None, None)
    nothing = msgspec.structs.replace(report().zero, totals=Counts())
    assert data_of(report(zero=nothing))["phase_zero"]["points"] is None
    assert (
        data_of(report(kind=Kind.FULL, reasons=(), head=Tree("2")))["why_no_evidence"]
        == "source differ from the commit"
    )


def test_all_data_are_json_that_survives_a_round_trip(report, status, diff):
    for value in (report(), status, diff):
        data = data_of(value)
        assert json.loads(json.dumps(data)) == data
