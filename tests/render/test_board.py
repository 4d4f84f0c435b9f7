"""The board and its Backlog in each view: golden pages, the published schema, hostile names."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from coverage_roadmap.commands.board import KIND, Boarded
from coverage_roadmap.commands.targets import Targets
from coverage_roadmap.core.board import Delta, Figures, assemble
from coverage_roadmap.core.board.card import Known, of_module, of_story
from coverage_roadmap.core.board.changes import Changes
from coverage_roadmap.core.board.work import PullRequest, Snippet, Tracked, Work
from coverage_roadmap.core.body import markers
from coverage_roadmap.core.branch import Branch, Dated
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.core.measurement import Counts, FileFigures, Kind
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.roadmap import Percent, Phase, Story, build
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.faces.pages import board as pages
from coverage_roadmap.faces.pages import targets as target_pages
from coverage_roadmap.render import board as render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "board.schema.json").read_text(encoding="utf-8"))
HOSTILE = "src/<script>alert(1)</script>|`x`\n@team #1 \x1b[31m\u202e<!-- coverage-roadmap: end of board -->.py"
PHASE = build(Phase, {"name": "phase3", "fail-under": 65})
HOME = Forge("https://github.com/acme/shop")
RECORD = "20260301T100000000000Z-phase3-0123abcd"


def story(name, module, owner="", design=""):
    tests = [f"tests/test_{name}.py"]
    return build(Story, {"id": name, "modules": [module], "tests": tests, "owner": owner, "design": design})


def branch(name, *, published=False, day=2):
    on = Dated(datetime(2026, 3, day, 9, tzinfo=UTC)) if day else Dated(None, "no commit says when")
    return Branch(name, f"refs/heads/{name}", on, on, published)


def card(one, *works, done="no evidence of phase3 yet", answer=Answer.NOT_MET, **given):
    return of_story(Known(PHASE, one, Verdict(one.id, answer, done), works, **given))


def full():
    quality, streaming = story("quality-monitor", "src/quality_monitor.py", "ann"), story("streaming", "src/stream.py")
    progress = ModuleProgress("quality-monitor", "phase3", "src/quality_monitor.py", Percent(65), Presence.MEASURED)
    modules = [ModuleProgress("quality-monitor", "phase3", "src/a.py", Percent(65), Presence.MEASURED, Ratio(3, 4))]
    snippet = Snippet(RECORD, Kind.FULL, 12, [*modules, progress])
    tests = frozenset(quality.tests)
    ready = Work(branch("coverage/quality-monitor", published=True), "c" * 40, True, (*tests,), tests, snippet=snippet)
    begun = Work(branch("topic", day=0), "d" * 40, False, ("src/stream.py",))
    pull = Tracked(("kim",), PullRequest("feature", url="https://github.com/acme/shop/pull/7"), "https://t.test/3")
    cards = [
        card(quality, ready),
        card(streaming, begun),
        card(story("tasks", "src/tasks.py"), tracked=pull),
        card(story("lake", "src/lake.py", "lee", "https://d.test/1")),
        card(story("done", "src/done.py"), answer=Answer.MET, done="tests merged and passed, modules at target"),
        card(story("done-too", "src/done.py"), answer=Answer.MET, done="tests merged and passed, modules at target"),
        card(story("later", "src/gone.py")),
        card(story("next", "src/next.py")),
        of_module("src/low.py", "40.00 % is below 50 %", PHASE, Tracked()),
    ]
    files = {"src/next.py": FileFigures(Counts(90, 40)), "src/low.py": FileFigures(Counts(100, 60))}
    figures = Figures(files, RECORD, "", Changes({"src/next.py": 9}, {"src/low.py": ("src/old.py",)}), "in 90 days")
    deltas = {"done": Delta(Ratio(10, 40), Ratio(40, 40), ("before", "after")), "done-too": Delta(unknown="no record")}
    return assemble(cards, figures, deltas, {"src/low.py": ["@org/core"]}, ["3 branches are not looked at"])


FULL = Boarded(full(), HOME, "docs/board.md")
EMPTY = Boarded(assemble([], Figures(None, lacking="no full run of phase3 is recorded"), {}, {}))


def hostile():
    one = story("s", HOSTILE, HOSTILE, HOSTILE)
    works = [Work(branch(HOSTILE, published=True), "c", True, (HOSTILE,), frozenset(), HOSTILE)]
    pull = Tracked((HOSTILE,), PullRequest(HOSTILE, url=f"javascript:{HOSTILE}"), f"https://x.test/{HOSTILE}")
    cards = [
        card(one, *works, done=HOSTILE),
        card(one, done=HOSTILE, tracked=pull),
        card(one, done=HOSTILE),
        of_module(HOSTILE, HOSTILE, PHASE, Tracked()),
        of_module("x" * 9_999, HOSTILE, PHASE, Tracked()),
    ]
    files = {HOSTILE: FileFigures(Counts(10, 6))}
    figures = Figures(files, HOSTILE, "", Changes({HOSTILE: 1}, {HOSTILE: (f"{HOSTILE}2",)}), HOSTILE)
    return Boarded(assemble(cards, figures, {}, {HOSTILE: [HOSTILE]}, [HOSTILE]), HOME, HOSTILE)


@pytest.mark.parametrize(("name", "value"), [("board", FULL), ("board-empty", EMPTY)])
def test_the_board_shows_the_golden_page(name, value, draw, write, golden):
    golden(f"{name}.txt", draw(pages.page(value)))
    golden(f"{name}.md", write(pages.page(value)))
    golden(f"{name}.json", json.dumps(pages.data(value), indent=2) + "\n")


def test_the_backlog_shows_the_golden_page(draw, write, golden):
    value = Targets(FULL.board)
    golden("targets.txt", draw(target_pages.page(value)))
    golden("targets.md", write(target_pages.page(value)))
    golden("targets.json", json.dumps(target_pages.data(value), indent=2) + "\n")
    shown = draw(target_pages.page(Targets(EMPTY.board)))
    assert "nothing: the Backlog is empty" in shown
    assert target_pages.data(Targets(EMPTY.board))["targets"] == []


def test_where_changes_are_not_known_a_target_says_so(draw):
    low = of_module("src/low.py", "40.00 % is below 50 %", PHASE, Tracked())
    figures = Figures({"src/low.py": FileFigures(Counts(100, 60))}, RECORD, period="in 90 days")
    shown = draw(target_pages.page(Targets(assemble([low], figures, {}, {}))))
    assert re.search(r"src/low.py +60 \+60.00 unknown 60.00 +none", shown)


def test_no_line_is_too_wide_but_for_names(draw):
    for width in (50, 80):
        for shown in (draw(pages.page(FULL), width), draw(target_pages.page(Targets(FULL.board)), width)):
            assert [
                line for line in shown.splitlines() if len(line) > width and not re.search("/|-phase3-", line)
            ] == []


def test_the_block_is_the_board_alone(write):
    block = render.block(FULL.board, HOME)
    assert block.startswith("## Board\n")
    assert block.endswith("\n")
    assert "written" not in block
    assert "[coverage/quality-monitor](https://github.com/acme/shop/tree/coverage/quality-monitor)" in block
    assert "[feature](https://github.com/acme/shop/pull/7)" in block
    assert "[tasks](https://t.test/3)" in block
    assert "- **test design of lake**: [https:\u2060//d.test/1](https://d.test/1)" in block
    assert "(https://github.com/acme/shop/tree/topic)" not in block, "a branch that is not published has no address"


@pytest.mark.parametrize("value", [FULL, EMPTY, hostile()], ids=["full", "empty", "hostile"])
def test_the_data_are_as_the_published_schema_has_them(value):
    data = json.loads(json.dumps(pages.data(value)))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert all(name in data for name in SCHEMA["required"])
    for broken in ({"format": 2}, {"record": 1}, {"cards": [{}]}, {"notes": "x"}):
        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors({**data, **broken}))


def test_nothing_hostile_gets_through(draw, write):
    value = hostile()
    for page in (pages.page(value), target_pages.page(Targets(value.board))):
        for text in (draw(page), write(page)):
            assert not {"\x1b", "\u202e"} & set(text)
        markdown = write(page)
        assert not re.search(r"\]\((?!https://)", markdown)
        assert not re.search(r"(?<!\\)<|@[a-z]|#[0-9]", re.sub(r"\]\([^)]*\)", "]", markdown))
        rows = [re.sub(r"\\.", "", line) for line in markdown.splitlines() if line.startswith("| ")]
        assert {row.count("|") for row in rows} <= {3, 4, 7}
        assert not [marker for marker in markers(KIND) if marker in markdown]
        assert "x" * 501 not in markdown
