"""Scope: what is not measured any more, where it was done, and what it is worth."""

import pytest

from coverage_roadmap.core.parsing import Parsing
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.rules.scope import (
    RULES,
    BranchesLeftOut,
    CodeLeftOut,
    FilesLeftOut,
    ModuleHidden,
    PragmaAdded,
    ScopeUnknown,
)
from coverage_roadmap.core.scope import Item, Shrunk, What
from coverage_roadmap.core.worth import Worth

WORTH = Worth(Ratio(50, 100), Ratio(50, 80), exact=True)
ITEMS = [
    (FilesLeftOut, Item(What.SOURCE, "lib", ("lib/a.py",), 3), "pyproject.toml", "the folder lib is not measured any"),
    (
        FilesLeftOut,
        Item(What.OMIT, "src/x/*", ("src/x/a.py",), 3),
        ".coveragerc",
        "omit takes src/x/*, which hides 3 s",
    ),
    (FilesLeftOut, Item(What.INCLUDE, "src/y/*"), ".coveragerc", "include leaves out src/y/*"),
    (FilesLeftOut, Item(What.MOVED, "tools/a.py", ("tools/a.py",)), "tools/a.py", "tools/a.py was moved to where"),
    (FilesLeftOut, Item(What.UNPARSED, "src/a.py", ("src/a.py:7",)), "src/a.py:7", "src/a.py does not parse any more"),
    (FilesLeftOut, Item(What.IMPORT, "src/x", ("src/x/a.py",)), "src/x/a.py", "src/x counts only where a test"),
    (
        CodeLeftOut,
        Item(What.EXCLUDE, "def ", ("src/a.py:1",), 1),
        ".coveragerc",
        "an exclusion pattern was added: def ",
    ),
    (CodeLeftOut, Item(What.PARTIAL, "if"), ".coveragerc", "a pattern was added that asks for no second branch: if"),
    (CodeLeftOut, Item(What.CODE, "src/a.py", ("src/a.py:4",), 2, 5), "src/a.py:4", "hides 2 statements and 5 new"),
    (
        PragmaAdded,
        Item(What.PRAGMA, "src/a.py:9", ("src/a.py:9",), 0, 4),
        "src/a.py:9",
        "src/a.py:9, which hides 4 new",
    ),
    (
        PragmaAdded,
        Item(What.NO_BRANCH, "src/a.py:9", ("src/a.py:9",)),
        "src/a.py:9",
        "a comment asks for no second branch at src/a.py:9",
    ),
    (BranchesLeftOut, Item(What.BRANCH, "branch"), ".coveragerc", "branches are not measured any more"),
]
WAIVED = {
    What.SOURCE: "scope source lib",
    What.OMIT: "scope src/x/*",
    What.INCLUDE: "scope include src/y/*",
    What.MOVED: "scope tools/a.py",
    What.UNPARSED: "scope src/a.py",
    What.IMPORT: "scope src/x",
    What.EXCLUDE: "scope exclude def",
    What.PARTIAL: "scope partial if",
    What.CODE: "scope src/a.py",
    What.PRAGMA: "scope src/a.py",
    What.NO_BRANCH: "scope src/a.py",
    What.BRANCH: "scope branch",
}


@pytest.mark.parametrize(("rule", "item", "where", "text"), ITEMS, ids=[item.what for _, item, _, _ in ITEMS])
def test_each_kind_is_found_by_one_rule_at_its_place_and_can_be_waived(facts, ask, rule, item, where, text):
    known = facts(shrunk=Shrunk((item,), 10, None), scope_file=".coveragerc")
    asked = {type(one): ask(one, known) for one in RULES}
    (one,) = asked.pop(rule)
    assert not any(asked.values())
    assert (one.where, one.waivable, one.state) == (where, WAIVED[item.what], "found")
    assert text in one.text


def test_a_file_that_the_newer_python_which_measures_it_may_parse_is_unknown(facts, ask):
    shrunk = Shrunk((Item(What.UNPARSED, "src/a.py", ("src/a.py:7",)),), 10, None)
    (one,) = ask(FilesLeftOut(), facts(shrunk=shrunk, parsing=Parsing("3.11", "3.14", {"src/a.py": True})))
    assert (one.where, one.state) == ("src/a.py:7", "unknown")


def test_every_kind_is_some_rules(facts):
    kinds = [kind for rule in RULES for kind in getattr(rule, "kinds", ())]
    assert sorted(kinds) == sorted(What)


@pytest.mark.parametrize(
    ("worth", "end"),
    [
        (WORTH, "; this raises the figure by 12.50 points without a test: 50.00 % to 62.50 %"),
        (Worth(WORTH.before, WORTH.after, exact=False), "raises the figure by up to 12.50 points without a test"),
        (Worth(WORTH.before, WORTH.before, exact=True), "omit takes x"),
        (Worth(WORTH.after, WORTH.before, exact=True), "omit takes x"),
        (Worth(WORTH.before, Ratio(0, 0), exact=True), "omit takes x"),
        (None, "omit takes x"),
    ],
)
def test_what_it_is_worth_is_told_where_it_raises_the_figure(facts, ask, worth, end):
    (one,) = ask(FilesLeftOut(), facts(shrunk=Shrunk((Item(What.OMIT, "x", worth=worth),), 10, worth)))
    assert one.where == "pyproject.toml"
    assert end in one.text
    assert ("raises" in one.text) is ("raises" in end)


def test_a_scope_that_lost_nothing_is_no_finding(facts, ask):
    known = facts(shrunk=Shrunk((), 10, None))
    assert [ask(rule, known) for rule in RULES] == [[]] * len(RULES)


def test_without_something_to_compare_with_it_is_unknown_and_said_once(facts, ask, said):
    known = facts(no_scope="HEAD and main have no common commit")
    told = [one for rule in RULES for one in ask(rule, known)]
    assert told == [said("pyproject.toml", "HEAD and main have no common commit", "", "unknown")]
    assert ask(ScopeUnknown(), known) == told


@pytest.mark.parametrize(
    ("changed", "judged"),
    [(None, True), ({"src/a.py"}, True), ({"pyproject.toml"}, True), ({".coveragerc"}, True), ({"README.md"}, False)],
)
def test_a_storys_module_that_is_gone_or_left_out_is_found(facts, ask, said, changed, judged):
    gone = {"src/a.py": "absent", "src/b.py": "not measured"}
    told = ask(ModuleHidden(), facts(gone=gone, changed=changed, scope_file=".coveragerc"))
    assert told[:1] == ([said("src/a.py", "the module of a story is absent", "scope src/a.py")] if judged else [])
    assert (said("src/b.py", "the module of a story is not measured", "scope src/b.py") in told) is (
        judged and changed != {"src/a.py"}
    )
