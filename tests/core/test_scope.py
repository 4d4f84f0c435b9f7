"""What the scope lost between two revisions, and what is no loss."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from coverage_roadmap.core import scope, settings, statements
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.scope import Item, Snapshot, What
from coverage_roadmap.core.settings import Settings
from coverage_roadmap.core.statements import DEFAULT_EXCLUDE

SRC = Settings(("src",))
NOCOVER = "  # pragma: no cover"
CODE = "import a\n\ndef f():\n    b = 1\n    return b\n\ndef g():\n    c = 2\n    return c\n"
FILES = {"src/__init__.py": "", "src/a.py": CODE, "src/b.py": "x = 1\ny = 2\n"}


def snapshot(files: Mapping[str, str], found: Settings = SRC) -> Snapshot:
    present = frozenset(files)
    measured = settings.measured(found, sorted(files), "/p")
    counted = {path: statements.count(files[path], found.exclude, found.partial) for path in measured}
    return Snapshot(found, counted, present, "/p", settings.loose(found, measured, present))


def lost(files: Mapping[str, str], found: Settings = SRC, *, old: Settings = SRC, **keys: Any) -> list[tuple[Any, ...]]:
    shrunk = scope.compare(snapshot(FILES, old), snapshot(files, found), **keys)
    return [(item.what, item.name, item.statements) for item in shrunk.items]


def edited(path: str, *changes: tuple[str, str]) -> dict[str, str]:
    text = FILES[path]
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return {**FILES, path: text}


def test_a_snapshot_tells_how_many_statements_count_and_which_files_do_not_parse() -> None:
    found = snapshot({**FILES, "src/bad.py": "a = = 1\n", "tests/t.py": "z = 1\n"})
    assert found.statements == 9
    assert list(found.unparsed) == ["src/bad.py"]


@pytest.mark.parametrize(
    ("files", "renames"),
    [
        (FILES, {}),
        ({k: v for k, v in FILES.items() if k != "src/b.py"}, {}),
        ({**FILES, "src/new.py": f"if a:{NOCOVER}\n    b\n"}, {}),
        ({"src/__init__.py": "", "src/a.py": CODE, "src/moved.py": FILES["src/b.py"]}, {"src/b.py": "src/moved.py"}),
        (edited("src/a.py", ("    b = 1\n", "")), {}),
        (edited("src/a.py", ("c = 2", "c = 3 if a else 4")), {}),
        (edited("src/a.py", ("import a\n", "import a\nimport d\nif d:\n    e = 1\n")), {}),
        (edited("src/a.py", ("import a\n", "import a\nif TYPE_CHECKING:\n    import d\n")), {}),
        ({**FILES, "src/a.py": "# why\n\n" + CODE.replace("    ", "\t").replace("return b", "return b  # why")}, {}),
    ],
    ids=["nothing", "deleted", "new", "renamed", "deleted code", "changed", "new code", "new typing", "layout"],
)
def test_what_is_no_loss(files: dict[str, str], renames: dict[str, str]) -> None:
    assert lost(files, renames=renames, covered={}) == []


def test_code_that_moves_within_a_file_and_stays_excluded_is_no_loss() -> None:
    text = f"def h():{NOCOVER}\n    z = 1\n"
    before, after = snapshot({"src/a.py": text + CODE}), snapshot({"src/a.py": CODE + text.replace("h()", "h(x)")})
    assert scope.compare(before, after).items == ()


def test_a_pragma_hides_what_counted() -> None:
    files = edited("src/a.py", ("def g():", f"def g():{NOCOVER}"))
    shrunk = scope.compare(snapshot(FILES), snapshot(files))
    assert shrunk.items == (Item(What.PRAGMA, "src/a.py:7", ("src/a.py:7",), 3),)
    assert (shrunk.before, shrunk.statements, shrunk.worth) == (9, 3, None)


def test_a_pragma_that_comes_with_its_code_hides_what_is_new() -> None:
    files = edited("src/a.py", ("def g():", f"def h():{NOCOVER}\n    new = 1\n\ndef g():"))
    [item] = scope.compare(snapshot(FILES), snapshot(files)).items
    assert (item.what, item.statements, item.new) == (What.PRAGMA, 0, 2)


def test_a_pragma_that_moves_to_more_code_hides_what_counted() -> None:
    before = CODE.replace("    b = 1", f"    b = 1{NOCOVER}")
    after = CODE.replace("def g():", f"def g():{NOCOVER}")
    [item] = scope.compare(snapshot({"src/a.py": before}), snapshot({"src/a.py": after})).items
    assert (item.what, item.name, item.statements) == (What.PRAGMA, "src/a.py:7", 3)


def test_code_that_comes_below_an_exclusion_is_hidden() -> None:
    files = edited("src/b.py", ("y = 2", "if TYPE_CHECKING:\n    y = 2"))
    assert lost(files) == [(What.CODE, "src/b.py", 1)]


def test_an_exclusion_pattern_hides_in_all_files_and_names_each_place() -> None:
    found = replace(SRC, exclude=(*DEFAULT_EXCLUDE, "def [fg]", "nothing"))
    shrunk = scope.compare(snapshot(FILES), snapshot(FILES, found))
    assert shrunk.items == (
        Item(What.EXCLUDE, "def [fg]", ("src/a.py:3", "src/a.py:7"), 6),
        Item(What.EXCLUDE, "nothing"),
    )


def test_a_pattern_that_went_is_no_loss() -> None:
    old = replace(SRC, exclude=("def f", "def g"), omit=("src/b.py",))
    assert lost(FILES, replace(SRC, exclude=("def g",)), old=old) == []


def test_omitted_files_are_lost_by_the_pattern_that_omits_them() -> None:
    assert lost(FILES, replace(SRC, omit=("*/nothing.py", "src/a*"))) == [
        (What.OMIT, "src/a*", 7),
        (What.OMIT, "*/nothing.py", 0),
    ]


def test_files_that_include_holds_back_are_lost() -> None:
    assert lost(FILES, replace(SRC, include=("*/b.py", "*/c.py"))) == [(What.INCLUDE, "*/b.py, */c.py", 7)]


def test_a_source_that_is_gone_is_lost_with_its_files() -> None:
    found = Settings(("lib",))
    assert lost({**FILES, "lib/a.py": "z = 1\n"}, found) == [(What.SOURCE, "src", 9)]
    assert lost(FILES, SRC, old=Settings(("src", "lib"))) == [(What.SOURCE, "lib", 0)]
    assert lost(FILES, Settings((".",))) == []


def test_a_source_that_shrank_to_a_part_is_lost() -> None:
    assert lost({**FILES, "src/in/c.py": "z = 1\n"}, Settings(("src/in",))) == [(What.SOURCE, "src", 9)]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("tools/b.py", SRC),
        ("src/gen/b.py", replace(SRC, omit=("*/gen/*",))),
        ("src/x.py", replace(SRC, include=("*/a.py", "*/b.py", "*/__init__.py"))),
    ],
)
def test_a_file_that_moves_to_where_nothing_is_measured_is_lost(place: str, found: Settings) -> None:
    files = {"src/__init__.py": "", "src/a.py": CODE, place: FILES["src/b.py"]}
    assert lost(files, found, old=found, renames={"src/b.py": place}) == [(What.MOVED, place, 2)]


def test_a_rename_whose_old_path_is_there_again_is_none() -> None:
    assert lost({**FILES, "tools/b.py": "x = 1\n"}, renames={"src/b.py": "tools/b.py"}) == []


def test_a_file_that_does_not_parse_any_more_is_lost() -> None:
    assert lost({**FILES, "src/b.py": "x = 1\ny = = 2\n"}) == [(What.UNPARSED, "src/b.py", 2)]
    shrunk = scope.compare(snapshot(FILES), snapshot({**FILES, "src/b.py": "x = 1\ny = = 2\n"}))
    assert shrunk.items[0].places == ("src/b.py:2",)
    shrunk = scope.compare(snapshot(FILES), snapshot({**FILES, "src/b.py": "x = 1\0"}))
    assert shrunk.items[0].places == ("src/b.py",)


def test_a_file_that_did_not_parse_before_has_nothing_to_lose() -> None:
    assert scope.compare(snapshot({"src/b.py": "x = = 1\n"}), snapshot({"src/b.py": "x = 1\n"})).items == ()


def test_a_package_without_its_init_counts_only_where_it_is_imported() -> None:
    before = {**FILES, "src/pkg/__init__.py": "", "src/pkg/c.py": "z = 1\n"}
    after = {path: text for path, text in before.items() if path != "src/pkg/__init__.py"}
    shrunk = scope.compare(snapshot(before), snapshot(after), covered={"src/pkg/c.py": Counts(1, 1)})
    assert shrunk.items == (Item(What.IMPORT, "src/pkg", ("src/pkg/c.py",), 1),)
    assert shrunk.statements == 0
    assert shrunk.worth is not None
    assert shrunk.worth.points == 0
    top = Settings((".",))
    moved = {"top.a.py": "z = 1\n"}
    [item] = scope.compare(
        snapshot({"top.py": "z = 1\n"}, top), snapshot(moved, top), renames={"top.py": "top.a.py"}
    ).items
    assert item.name == "."


def test_branches_that_are_not_measured_any_more_and_patterns_for_them_are_named() -> None:
    old = replace(SRC, branch=True)
    found = replace(SRC, partial=(*settings.DEFAULT_PARTIAL, "if x"))
    assert lost(FILES, found, old=old) == [(What.BRANCH, "branch", 0), (What.PARTIAL, "if x", 0)]
    assert lost(FILES, old, old=SRC) == []


COVERED = {"src/a.py": Counts(7, 6), "src/b.py": Counts(2, 0), "src/__init__.py": Counts()}


BRANCHED = replace(SRC, branch=True)
FORKED = "import a\n\ndef f():\n    if a:\n        b = 1\n    while a:\n        c = 1\n"
NOBRANCH = "  # pragma: no branch"


def forked(text: str, found: Settings = BRANCHED, old: Settings = BRANCHED) -> list[tuple[Any, ...]]:
    shrunk = scope.compare(snapshot({"src/a.py": FORKED}, old), snapshot({"src/a.py": text}, found), covered={})
    return [(item.what, item.name, item.places, item.worth) for item in shrunk.items]


def test_a_comment_that_asks_for_no_second_branch_is_named() -> None:
    text = FORKED.replace("if a:", f"if a:{NOBRANCH}")
    assert forked(text) == [(What.NO_BRANCH, "src/a.py:4", ("src/a.py:4",), None)]


@pytest.mark.parametrize(
    ("found", "old"), [(SRC, SRC), (BRANCHED, SRC)], ids=["branches are not measured", "they were not before"]
)
def test_it_is_no_loss_without_branches_before_and_now(found: Settings, old: Settings) -> None:
    assert forked(FORKED.replace("if a:", f"if a:{NOBRANCH}"), found, old) == []


def test_one_where_no_branch_is_or_that_only_moved_is_no_loss() -> None:
    assert forked(FORKED.replace("b = 1", f"b = 1{NOBRANCH}")) == []
    marked = FORKED.replace("if a:", f"if a:{NOBRANCH}")
    moved = marked.replace("import a", "import a\nimport d")
    before, after = snapshot({"src/a.py": marked}, BRANCHED), snapshot({"src/a.py": moved}, BRANCHED)
    assert scope.compare(before, after).items == ()
    elsewhere = FORKED.replace("while a:", f"while a:{NOBRANCH}")
    assert scope.compare(before, snapshot({"src/a.py": elsewhere}, BRANCHED)).items == ()


def test_a_new_pattern_for_branches_names_its_places() -> None:
    found = replace(BRANCHED, partial=(*BRANCHED.partial, "while a"))
    text = FORKED.replace("b = 1", "b = 2")
    assert forked(text, found) == [(What.PARTIAL, "while a", ("src/a.py:6",), None)]


def test_an_omitted_file_is_worth_what_the_figure_rises_by() -> None:
    shrunk = scope.compare(snapshot(FILES), snapshot(FILES, replace(SRC, omit=("src/a.py",))), covered=COVERED)
    worth = shrunk.items[0].worth
    assert worth == shrunk.worth
    assert worth is not None
    assert (worth.before, worth.after, worth.exact) == (Ratio(3, 9), Ratio(2, 2), True)
    assert worth.points == 100 - Fraction(100, 3)


def test_counts_of_a_renamed_file_may_stand_at_its_new_path() -> None:
    files = {"src/__init__.py": "", "src/a.py": CODE, "tools/b.py": FILES["src/b.py"]}
    covered = {"src/a.py": Counts(7, 6), "tools/b.py": Counts(2, 0)}
    shrunk = scope.compare(snapshot(FILES), snapshot(files), renames={"src/b.py": "tools/b.py"}, covered=covered)
    assert shrunk.worth is not None
    assert (shrunk.worth.before, shrunk.worth.after) == (Ratio(3, 9), Ratio(1, 7))
    assert shrunk.worth.exact


@pytest.mark.parametrize(
    ("counts", "after", "exact"),
    [
        (Counts(7, 3), Ratio(4, 4), False),
        (Counts(7, 1), Ratio(4, 4), False),
        (Counts(7, 7), Ratio(0, 4), True),
        (Counts(7, 0), Ratio(4, 4), True),
        (Counts(7, 7, 0, 4, 2), Ratio(2, 8), False),
        (Counts(2, 1), Ratio(0, 0), False),
    ],
)
def test_a_part_of_a_file_is_worth_at_most_what_is_not_covered(counts: Counts, after: Ratio, exact: bool) -> None:
    files = edited("src/a.py", ("def g():", f"def g():{NOCOVER}"))
    worth = scope.compare(snapshot(FILES), snapshot(files), covered={"src/a.py": counts}).worth
    assert worth is not None
    assert (worth.after, worth.exact) == (after, exact)
    assert (worth.points is None) == (after.total == 0)


def test_a_hidden_file_without_counts_is_taken_as_not_covered() -> None:
    after = snapshot(FILES, replace(SRC, omit=("src/a.py",)))
    worth = scope.compare(snapshot(FILES), after, covered={"src/b.py": Counts(2, 1)}).worth
    assert worth is not None
    assert (worth.before, worth.after, worth.exact) == (Ratio(1, 9), Ratio(1, 2), False)


def test_lines_without_branches_are_worth_what_the_branches_cost() -> None:
    covered = {"src/a.py": Counts(7, 1, 0, 4, 3), "src/b.py": Counts(2, 0)}
    found = replace(SRC, omit=("src/b.py",))
    shrunk = scope.compare(snapshot(FILES, replace(SRC, branch=True)), snapshot(FILES, found), covered=covered)
    by_what = {item.what: item.worth for item in shrunk.items}
    assert by_what[What.BRANCH] is not None
    assert by_what[What.OMIT] is not None
    assert shrunk.worth is not None
    assert (by_what[What.BRANCH].before, by_what[What.BRANCH].after) == (Ratio(9, 13), Ratio(8, 9))
    assert by_what[What.OMIT].after == Ratio(7, 11)
    assert shrunk.worth.after == Ratio(6, 7)


def test_a_file_that_two_things_hide_counts_once() -> None:
    found = replace(SRC, exclude=("def f", "def g", *DEFAULT_EXCLUDE))
    shrunk = scope.compare(snapshot(FILES), snapshot(FILES, found), covered={"src/a.py": Counts(7, 7)})
    assert [item.statements for item in shrunk.items] == [3, 3]
    assert shrunk.worth is not None
    assert (shrunk.worth.before, shrunk.worth.after) == (Ratio(0, 7), Ratio(0, 1))
