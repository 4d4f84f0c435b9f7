"""A pull request's summary in each view: golden pages, hostile names, and the forge's limit."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coverage_roadmap.commands.pr_summary import KIND, Summarised
from coverage_roadmap.core.body import markers
from coverage_roadmap.core.criterion import Facts
from coverage_roadmap.core.documentation import document
from coverage_roadmap.core.finding import Finding, Judged, Severity
from coverage_roadmap.core.measurement import Counts, FileFigures, Tree
from coverage_roadmap.core.patch import FilePatch, Patch
from coverage_roadmap.core.pr_summary import Documented, Missed, Module, PrSummary, Side
from coverage_roadmap.core.roadmap import Phase, Story, build
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.faces.pages import pr_summary as pages
from coverage_roadmap.render import pr_summary as render
from coverage_roadmap.render.page import Page

COMMIT = "c" * 40
URL = f"https://github.com/acme/shop/blob/{COMMIT}/src/a.py#L3-L9"
HOSTILE = "src/<script>alert(1)</script>|`x`\n@team \x1b[31m\u202e<!-- -->.py"
STORY = build(Story, {"id": "streaming", "modules": ["src/a.py"], "tests": ["tests/test_a.py"]})
PHASE = build(Phase, {"name": "phase4", "fail-under": 70})
LOW = Judged("FLOOR001", Severity.ERROR, Finding("src/a.py", 3, "fell below its floor", "test it"))


def side(label, covered, total, **given):
    figures = {"src/a.py": FileFigures(Counts(total, total - covered))}
    return Side(label, figures, **{"branch": False, **given})


EMPTY = PrSummary(
    *(None, None, None, "no evidence of phase4 is recorded", None, "no run is recorded"),
    *(None, "there is no commit yet", (), (), Decimal(50)),
)
FULL = PrSummary(
    base="b" * 40,
    head=COMMIT,
    before=side("20260301T100000000000Z-phase4-0123abcd", 60, 100, of="the merge base"),
    no_before="",
    after=side("20260302T100000000000Z-phase4-0123abcd", 70, 100, of="HEAD"),
    no_after="",
    patch=Patch([FilePatch("src/a.py", 12, 2, ((3, 9),))], ["src/omitted.py"]),
    no_patch="",
    modules=[
        Module("src/b.py", Counts(10, 4), Counts(10, 6), ()),
        Module("src/a.py", Counts(10, 9), Counts(10, 8), ("streaming (phase4)", "tasks (phase4)")),
        Module("src/new.py", None, Counts(3, 3), ()),
        Module("src/gone.py", Counts(3, 1), None, ()),
        Module("src/same.py", Counts(3, 1), Counts(3, 1), ()),
    ],
    missed=[Missed("src/a.py", 3, 9, URL), Missed("src/a.py", 20, 20)],
    below=Decimal(50),
    standing=stand(PHASE, Facts(), running=True),
    documented=[
        Documented(
            "phase4",
            STORY,
            [ModuleProgress("streaming", "phase4", "src/a.py", Decimal(70), Presence.MEASURED, Counts(10, 2).ratio)],
            [("tests/test_a.py", "4 passed")],
        ),
        Documented("phase4", STORY, [], [("tests/test_a.py", "not there yet")]),
    ],
    findings=[LOW],
    gate=Verdict("patch coverage at least 80", Answer.NOT_MET, "22.22 %"),
    warnings=["1 changed source file not measured: src/omitted.py"],
)


@pytest.mark.parametrize("name", ["full", "empty"])
def test_the_summary_shows_the_golden_page(name, draw, write, golden):
    value = Summarised({"full": FULL, "empty": EMPTY}[name])
    golden(f"pr-summary-{name}.txt", draw(pages.page(value)))
    golden(f"pr-summary-{name}.md", write(pages.page(value)))
    golden(f"pr-summary-{name}.json", json.dumps(pages.data(value), indent=2) + "\n")


def test_what_was_written_and_recorded_is_told(draw):
    recorded = document("x", ["streaming"], COMMIT, COMMIT, Tree(), {})
    value = Summarised(EMPTY, ["body.md"], recorded)
    shown = draw(pages.page(value))
    assert re.search(r"written +body.md\n", shown)
    assert "streaming at cccccccc" in shown
    assert pages.data(value)["recorded"] == {"id": recorded.id, "stories": ["streaming"]}


def test_a_side_in_which_nothing_was_measured_is_unknown(draw):
    shown = draw(render.page(replace(FULL, after=side("c.json", 0, 0, branch=True))))
    assert "after           unknown: nothing was measured, c.json" in shown
    assert "points" not in shown.split("patch coverage  ")[0].split("after  ")[1]


def test_of_a_huge_change_the_first_rows_are_shown_and_how_many_more_there_are(draw):
    missed = [Missed("src/a.py", line, line) for line in range(1, 30_001)]
    shown = draw(render.page(replace(FULL, missed=missed)))
    assert re.search(r"src/a.py:100 +1\n +and +29900 more: --format json has all\n", shown)
    assert "src/a.py:101" not in shown
    assert len(render.data(replace(FULL, missed=missed))["uncovered"]) == 30_000
    assert "more: --format" not in draw(render.page(replace(FULL, missed=missed[:100])))


def test_what_fell_stays_where_the_limit_leaves_no_room_for_what_is_new_and_below():
    fell, low = Module("src/fell.py", Counts(9, 1), Counts(9, 9), ()), Counts(3, 3)
    new = [Module(f"src/new_{number:04}.py", None, low, ()) for number in range(2000)]
    still = [Module(f"src/still_{number:04}.py", low, low, ()) for number in range(2000)]
    text = render.block(replace(FULL, modules=[fell, *new, *still]), 20_000)
    fallen, _, rest = text.partition("### new and below 50 %")
    assert "src/fell.py" in fallen
    assert "src/new\\_0000.py" in rest
    assert "2000 of 2000 rows of this section left out" in rest.partition("### still below")[2]


def test_of_many_findings_the_first_are_named_and_none_is_said(draw):
    shown = draw(render.page(replace(FULL, findings=[LOW] * 25)))
    assert shown.count("fell below its floor") == 20
    assert "5: invoke check" in shown
    assert "nothing fails" in draw(render.page(replace(FULL, findings=[])))
    nowhere = replace(LOW, finding=Finding("", 0, "there is no baseline", "make one"))
    assert "FLOOR001  there is no baseline" in draw(render.page(replace(FULL, findings=[nowhere])))


def test_where_nothing_is_known_of_before_a_low_module_is_not_said_to_be_new(draw):
    shown = draw(render.page(replace(FULL, before=None, modules=[Module("src/b.py", None, Counts(10, 6), ())])))
    assert "below 50 %; unknown whether they were before" in shown


def hostile():
    figures = {HOSTILE: FileFigures(Counts(10, 6))}
    sides = {"before": Side(HOSTILE, figures, False, HOSTILE), "after": Side(HOSTILE, figures, False, HOSTILE)}
    story = build(Story, {"id": "s", "modules": [HOSTILE], "tests": [HOSTILE]})
    progress = ModuleProgress("s", "p", HOSTILE, Decimal(1), Presence.MEASURED, Counts(10, 6).ratio)
    return replace(
        FULL,
        **sides,
        modules=[Module(HOSTILE, Counts(10, 5), Counts(10, 6), (HOSTILE,))],
        missed=[Missed(HOSTILE, 1, 2, f"https://x.test/{HOSTILE}"), Missed(HOSTILE, 3, 3, f"javascript:{HOSTILE}")],
        documented=[Documented("p", story, [progress], [(HOSTILE, HOSTILE)])],
        findings=[Judged("X", Severity.ERROR, Finding(HOSTILE, 1, HOSTILE, HOSTILE))],
        gate=Verdict(HOSTILE, Answer.UNKNOWN, HOSTILE),
        warnings=[HOSTILE],
    )


def test_a_hostile_name_stays_a_name_in_every_view(draw, write):
    value = hostile()
    steering = {"\x1b", "\u202e"}
    shown = draw(render.page(value))
    assert not steering & set(shown)
    text = write(render.page(value))
    assert not steering & set(text)
    assert not re.search(r"(?<!\\)<|@team|javascript:[^\n]*\)", text.replace("@\u2060team", ""))
    rows = [re.sub(r"\\.", "", line) for line in text.splitlines() if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {3, 5, 6}
    assert not [marker for marker in markers(KIND) if marker in text]
    assert json.loads(json.dumps(render.data(value)))["modules"][0]["module"] == HOSTILE


def test_the_documentation_s_text_is_that_of_its_sections_alone():
    text = render.sections(FULL)
    assert "streaming" in text
    assert "patch coverage" not in text
    assert render.sections(replace(FULL, modules=(), missed=())) == text


LONG = replace(
    FULL,
    modules=[Module(f"src/{'m' * 50}{n}.py", Counts(10, 1), Counts(10, 2), ()) for n in range(300)],
    missed=[Missed(f"src/{n}.py", 3, 9, URL) for n in range(300)],
    warnings=["w " * 250] * 9,
)


def test_lines_go_before_modules_and_those_before_all_else():
    whole = render.block(LONG, 10**9)
    assert len(whole) > 60_000
    shown = render.block(LONG, 22_000)
    assert len(shown) <= 22_000
    assert "300 of 300 rows of this section left out" in shown
    assert "src/0.py:3-9" not in shown
    assert "m0.py" in shown
    assert "w " * 249 in shown
    assert "FLOOR001" in shown


@settings(max_examples=10)
@given(st.integers(2_000, 90_000), st.booleans())
def test_no_block_is_above_its_limit_and_each_has_the_totals_and_the_patch(limit, odd):
    value = replace(LONG, before=side("\u202e" * 4000, 6, 10, of="\x1b" * 4000)) if odd else LONG
    shown = render.block(value, limit)
    assert len(shown) <= limit
    assert shown.endswith("\n")
    assert "- **after**: 70.00 % (70 of 100 lines)" in shown
    assert "- **patch coverage**: 22.22 % (2 of 9 changed lines)" in shown
    assert isinstance(render.page(value), Page)


def test_a_branch_that_was_not_measured_says_what_to_run(draw):
    shown = draw(render.page(replace(FULL, after=None, no_after="it is stale", patch=None, no_patch="it is stale")))
    assert "next            nox -s phase4, on this branch" in shown
