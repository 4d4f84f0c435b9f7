"""The board: which cards there are, in which order, and what each says."""

from fractions import Fraction

import pytest

from coverage_roadmap.core.board import Card, Column, Delta, Figures, Tracked, assemble, loose
from coverage_roadmap.core.board.changes import Changes
from coverage_roadmap.core.board.work import PullRequest
from coverage_roadmap.core.measurement import Counts, FileFigures
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.roadmap import Story, build

FILES = {
    "src/a.py": FileFigures(Counts(10, 9)),
    "src/low.py": FileFigures(Counts(10, 6)),
    "src/lower.py": FileFigures(Counts(20, 15)),
    "src/fine.py": FileFigures(Counts(10, 5)),
    "src/empty.py": FileFigures(Counts()),
}
FIGURES = Figures(FILES, "the-record", "", Changes({"src/low.py": 4}), "in the last 90 days")


def card(key, column=Column.BACKLOG, modules=(), **given):
    story = build(Story, {"id": key, "modules": list(modules), "tests": ["t.py"]}) if modules else None
    return Card(key, "phase2", story, tuple(modules or [key]), column, (f"why {key}",), (), **given)


def order(board):
    return [one.key for one in board.cards]


def test_a_module_below_the_bound_that_no_story_holds_has_a_card(roadmap):
    found = loose(roadmap, roadmap.phases[1], FIGURES, {"src/lower.py": Tracked(("kim",), PullRequest("topic"))})
    assert [(one.key, one.column, one.owner) for one in found] == [
        ("src/low.py", Column.BACKLOG, ""),
        ("src/lower.py", Column.IN_PROGRESS, "kim"),
    ]
    assert found[0].evidence == ("40.00 % is below 50 %", "no story holds it")
    assert found[0].labels == ("coverage-phase-2", "module:low")
    assert loose(roadmap, roadmap.phases[1], Figures(None), {}) == []


def test_a_renamed_module_is_still_known_to_a_tracker_by_its_former_path(roadmap):
    changes = Changes({}, {"src/low.py": ("src/lower.py", "src/old.py")})
    tracked = {"src/old.py": Tracked(("kim",)), "src/lower.py": Tracked(("lee",))}
    found = loose(roadmap, roadmap.phases[1], Figures(FILES, changes=changes), tracked)
    assert {one.key: one.owner for one in found} == {"src/low.py": "kim", "src/lower.py": "lee"}


def test_columns_stand_from_left_to_right_and_the_backlog_is_ranked_by_gain():
    cards = [
        card("done", Column.DONE, ["src/a.py"]),
        card("z", Column.IN_PROGRESS, ["src/fine.py"]),
        card("y", Column.IN_PROGRESS, ["src/a.py"]),
        card("lost", modules=["src/gone.py"]),
        card("missing", modules=["src/gone.py", "src/a.py"]),
        card("src/lower.py"),
        card("s", modules=["src/a.py"]),
        card("src/low.py"),
    ]
    board = assemble(cards, FIGURES, {}, {})
    assert order(board) == ["src/lower.py", "src/low.py", "s", "lost", "missing", "z", "y", "done"]
    assert [one.key for one in board.of(Column.IN_PROGRESS)] == ["z", "y"]
    gains = [one.prospect.gain if one.prospect else None for one in board.cards[:4]]
    assert gains == [Fraction(30), Fraction(24), Fraction(18), None]


def test_without_figures_the_backlog_stays_as_it_is_written_and_says_why():
    figures = Figures(None, lacking="no full run is recorded")
    board = assemble([card("b", modules=["b.py"]), card("a", modules=["a.py"])], figures, {}, {}, ["a note"])
    assert order(board) == ["b", "a"]
    assert board.told(board.cards[0]) == ["why b", "gain unknown: no full run is recorded"]
    assert board.notes == ["a note"]


def test_each_card_says_what_it_would_bring_or_has_brought_and_who_might_own_it():
    brought = Delta(Ratio(1, 10), Ratio(9, 10), ("old", "new"))
    cards = [
        card("s", Column.DONE, ["src/a.py"]),
        card("t", Column.IN_PROGRESS, ["src/a.py", "src/low.py"]),
        card("lost", modules=["src/a.py", "src/gone.py"]),
        card("src/low.py"),
    ]
    owners = {"src/a.py": ["@kim", "@lee"], "src/low.py": ["@lee", "@org/x"]}
    board = assemble(cards, FIGURES, {"s": brought, "t": brought}, owners)
    told = {one.key: board.told(one) for one in board.cards}
    suggested = "CODEOWNERS suggests @kim, @lee"
    assert told == {
        "src/low.py": [
            *("why src/low.py", "6 missed, +12.00 points of the total, 4 changes in the last 90 days"),
            "CODEOWNERS suggests @lee, @org/x",
        ],
        "lost": ["why lost", "gain unknown: src/gone.py is not measured in the-record", suggested],
        "t": ["why t", f"{suggested}, @org/x"],
        "s": ["why s", "its modules 10.00 % to 90.00 %: +80.00 points, +8 covered, since old", suggested],
    }


@pytest.mark.parametrize(
    ("keys", "former"), [(["src/low.py"], ("src/old.py", "src/a.py")), (["src/low.py", "src/a.py"], ("src/old.py",))]
)
def test_a_renamed_module_names_its_former_paths_less_those_of_other_cards(keys, former):
    changes = Changes({}, {"src/low.py": ("src/old.py", "src/a.py"), "s": ("other",)})
    cards = [card("s", modules=["src/low.py"]), *(card(key) for key in keys)]
    board = assemble(cards, Figures(FILES, changes=changes), {}, {})
    (low,) = (one for one in board.cards if one.key == "src/low.py")
    assert low.formerly == former
    assert board.told(low)[-1] == f"formerly {', '.join(former)}"
    assert next(one for one in board.cards if one.key == "s").formerly == ()
