import re

import pytest

from coverage_roadmap.core.measurement import Counts, Failure, Kind, Outcomes, Scope
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render.page import Facts, Grid, Link, Page, Section, Source

COLOUR = re.compile(r"\x1b\[(?:\d+;)*3\d(?:;\d+)*m")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize(("colour", "suffix"), [(False, ""), (True, "-colour")])
def test_a_whole_report_is_the_golden_text(report, draw, golden, width, colour, suffix, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    golden(f"report-{width}{suffix}.txt", draw(report(), width, colour))


def test_a_whole_report_is_the_golden_markdown(report, write, golden):
    golden("report.md", write(report()))


@pytest.mark.parametrize("width", [80, 60, 40])
def test_the_words_are_the_same_with_and_without_colour(report, draw, width):
    assert ESCAPE.sub("", draw(report(), width, True)) == draw(report(), width)


@pytest.mark.parametrize("width", [80, 60])
def test_a_line_is_wider_than_the_terminal_only_for_a_name_that_cannot_be_broken(report, draw, width):
    wide = [line for line in draw(report(), width).splitlines() if len(line) > width]
    assert all(len(re.split("[/:]", line)[-1]) > width - 20 for line in wide)
    assert not any(line != line.rstrip() for line in draw(report(), width).splitlines())


def test_a_wide_terminal_gets_no_more_than_80_columns(report, draw):
    assert draw(report(), 200) == draw(report(), 80)


@pytest.mark.parametrize("value", ["1", "true"])
def test_no_color_is_honoured(report, draw, monkeypatch, value):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert COLOUR.search(draw(report(), colour=None))
    monkeypatch.setenv("NO_COLOR", value)
    assert not COLOUR.search(draw(report(), colour=None))


def test_no_line_that_wraps_begins_with_a_command_of_a_runner(draw, write):
    name = "a long name that wraps so that the line goes on with ::error::owned and ##[add-mask]x"
    page = Page("t", [Section(":: x", [Facts([("note", name)]), Source(" ::stop-commands::x\n+a", "diff")])])
    for shown in (draw(page, 60), write(page)):
        assert not re.search(r"^\s*::|##\[", shown, re.MULTILINE)
    assert r"\x3a:error::owned" in draw(page, 60)


HOSTILE = "src/a\x1b[31m\u202e\n/[red]b[/red]/:smile:/[/x].py"
PLAIN = r"src/a\x1b[31m\u202e\n/[red]b[/red]/:smile:/[/x].py"


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize(
    "given",
    [
        {"heading": HOSTILE},
        {"notes": (HOSTILE,)},
        {"record": HOSTILE},
        {"history_error": HOSTILE},
        {"reasons": (HOSTILE,)},
        {"criteria": (Verdict(HOSTILE, Answer.MET, "x"),)},
        {"criteria": (Verdict("x", Answer.UNKNOWN, HOSTILE),)},
        {"outcomes": Outcomes(1, failed=(Failure(HOSTILE, "call"),))},
        {"outcomes": Outcomes(1, errors=(Failure("t", HOSTILE, HOSTILE),))},
        {"outcomes": Outcomes(1, flaky=(HOSTILE,), not_run=(HOSTILE,))},
        {"outcomes": Outcomes(1, not_imported=(Failure(HOSTILE, "collect"),))},
        {"hidden": (ModuleProgress("s", "p", HOSTILE, 3, Presence.ABSENT),)},
        {"modules": (ModuleProgress(HOSTILE, "p", "m.py", 3, Presence.ABSENT),)},
        {"core": HOSTILE},
    ],
)
def test_foreign_text_is_made_plain_and_kept_whole(report, draw, given, width):
    text = draw(report(**given), width)
    assert not set(text) & set("\x1b\u202e\r")
    assert PLAIN in re.sub(r"\n\s*", "", text)


def test_a_hostile_module_is_named_without_steering_the_terminal(report, draw):
    text = draw(report(modules=(ModuleProgress("s", "p", HOSTILE, 3, Presence.OMITTED),)))
    assert re.search(re.escape(PLAIN.split("/", 1)[1]) + r" +omitted +3\.00\n", text)
    assert not set(text) & set("\x1b\u202e\r")


NAMES = ["a_module_with_quite_a_long_name.py", f"{'x' * 90}.py", "日本" * 25 + ".py"]


@pytest.mark.parametrize("width", [80, 60, 40])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folders", ["", "src/deep/", "src/one/two/three/four/five/six/seven/eight/"])
def test_no_name_is_ever_cut(report, draw, name, folders, width):
    path = f"{folders}{name}"
    made = report(
        modules=(ModuleProgress("s", "p", path, 3, Presence.ABSENT),),
        notes=(f"look at {path} please",),
        record=path,
        outcomes=Outcomes(1, failed=(Failure(f"{path}::test_{'y' * 70}", "call", "E"),)),
    )
    lines = draw(made, width).splitlines()
    assert sum(name in line for line in lines) >= 4
    assert sum(f"test_{'y' * 70}" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": Kind.FULL, "reasons": ()}, "65.16 % (2020 of 3100 lines and branches), fail-under 65: met"),
        ({"totals": Counts(100, 36), "scope": Scope()}, "64.00 % (64 of 100 lines), fail-under 65: not met"),
        ({"totals": Counts(100_000, 35001)}, "64.99 % (64999 of 100000 lines and branches), fail-under 65: not met"),
        ({"kind": Kind.TIMED_OUT}, "fail-under 65: not judged, the run is timed-out"),
        ({"kind": Kind.FAILED}, "fail-under 65: not judged, the run is failed"),
        ({"totals": Counts()}, "total       unknown: nothing was measured\n"),
        ({"gate": None}, "65.16 % (2020 of 3100 lines and branches)\n"),
        ({"zero": None}, "phase zero  unknown until `nox -s phase0` has run"),
        ({}, "phase zero  56.12 % without the stories' tests, +9.03 points since"),
        ({"kind": Kind.FULL, "reasons": ()}, "run         full, evidence; Python 3.11, 2 workers, ctrace, 43.2 s"),
        (
            {"kind": Kind.FULL, "head": None},
            "run         full, no evidence: there is no commit to compare with; Python",
        ),
        ({"kind": Kind.FAILED, "reasons": ("pytest was ended by signal 9",)}, "failed: pytest was ended by signal 9;"),
        ({"workers": 1}, "1 worker, ctrace"),
        ({"outcomes": Outcomes()}, "tests       none collected"),
        ({"notes": tuple("abcdefg")}, "note       and 2 more, see the record"),
    ],
)
def test_the_facts_are_said(report, draw, given, said):
    assert said in draw(report(**given)).replace("\n" + " " * 12, " ")


@pytest.mark.parametrize("given", [{"phase": "phase0"}, {"arguments": ("-k", "x")}])
def test_phase_zero_stands_only_beside_whole_runs_of_a_phase(report, draw, given):
    assert "phase zero" not in draw(report(**given))


def test_a_report_without_stories_and_criteria_has_no_empty_parts(report, draw):
    text = draw(report(modules=(), criteria=(), hidden=(), notes=(), history_error="", outcomes=Outcomes(3, 3)))
    assert "exit criteria" not in text
    assert "story and module" not in text
    assert "\n\n\n" not in text


def test_a_link_is_its_text(draw):
    page = Page("T", [Section("", [Grid(["line"], [[Link("src/a.py:3", "https://x.test/\x1b[31m")]])])])
    assert draw(page) == "T\nline\nsrc/a.py:3\n"
