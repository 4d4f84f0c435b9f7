"""Each way to a figure without testing more is caught by its rules and by no other; its honest twin passes."""

from collections.abc import Callable

import pytest

from coverage_roadmap.core.check import RULES, check
from coverage_roadmap.core.rules.rule import Facts

from .case import Cheat, Edit, RunCheat, Step
from .cheats import FAMILIES, RUNS
from .conftest import Shop

CHEATS = [cheat for family in FAMILIES.values() for cheat in family]
RUN_CHEATS = [cheat for family in RUNS.values() for cheat in family]

pytestmark = pytest.mark.slow  # a small repository for each case, and phase runs


@pytest.fixture(scope="session")
def judged(shop: Callable[[], Shop]) -> Callable[[Edit, bool], Facts]:
    """The facts after an edit on a branch; what several cases share is done once."""
    known: dict[tuple[int, bool], Facts] = {}

    def facts(edit: Edit, measured: bool) -> Facts:
        key = (id(edit), measured)
        if key not in known:
            copy = shop()
            copy.git("switch", "-q", "-c", "work")
            copy.commit(edit)
            if measured:
                copy.measure()
            known[key] = copy.facts()
        return known[key]

    return facts


@pytest.fixture(scope="session")
def followed(shop: Callable[[], Shop]) -> Callable[..., tuple[int, str]]:
    """What the last of some steps on main exits with, and what all of them say; done once, as above."""
    known: dict[tuple[int, ...], tuple[int, str]] = {}

    def follow(steps: tuple[Step, ...], environ: tuple[tuple[str, str], ...]) -> tuple[int, str]:
        key = (id(steps), id(environ))
        if key not in known:
            known[key] = _followed(shop(), steps, dict(environ))
        return known[key]

    return follow


def _followed(shop: Shop, steps: tuple[Step, ...], environ: dict[str, str]) -> tuple[int, str]:
    code, said = 0, ""
    for step in steps:
        if isinstance(step, tuple):
            code, words = shop.call(*step, **environ)
            said += words
        else:
            shop.commit(step)
    return code, said


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_its_rules_catch_it_and_nothing_else_does(cheat: Cheat, judged: Callable[[Edit, bool], Facts]) -> None:
    facts = judged(cheat.edit, cheat.measured)
    failing = check(facts).failing
    assert {one.rule for one in failing} == set(cheat.rules), failing
    others = [rule for rule in RULES if rule.id not in cheat.rules]
    assert check(facts, others).failing == []


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_its_honest_twin_passes(cheat: Cheat, judged: Callable[[Edit, bool], Facts]) -> None:
    assert check(judged(cheat.twin, cheat.measured)).failing == []


@pytest.mark.parametrize("cheat", RUN_CHEATS, ids=lambda cheat: cheat.name)
def test_it_is_refused_and_its_honest_twin_is_not(cheat: RunCheat, followed: Callable[..., tuple[int, str]]) -> None:
    code, said = followed(cheat.steps, cheat.environ)
    assert code == cheat.code, said
    assert cheat.says in said
    code, said = followed(cheat.twin, cheat.environ)
    assert code == 0, said


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    names = [*(cheat.name for cheat in CHEATS), *(cheat.name for cheat in RUN_CHEATS)]
    assert len(names) >= 30
    assert len(set(names)) == len(names)


def test_no_rule_that_fails_a_check_is_without_a_case() -> None:
    caught = {rule for cheat in CHEATS for rule in cheat.rules} | {cheat.says for cheat in RUN_CHEATS}
    assert {rule.id for rule in RULES} - caught == {"SCOPE006"}, "SCOPE006 says what cannot be told"
