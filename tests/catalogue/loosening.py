"""Our own files, edited to ask for less."""

from .case import Cheat, added, swap, waived

CONFIG = "pyproject.toml"
FLOW = ".github/workflows/tests.yml"
LOWER = {
    CONFIG: swap(("threshold = 80", "threshold = 75")),
    "pytest.ini": swap(("fail-under=80", "fail-under=75")),
    FLOW: swap(("fail-under=80", "fail-under=75")),
}
COVERAGE = '  { criterion = "coverage", at-least = 81 },\n'


STOCK = 'stock.py": {"statements": 15, "missing": 1'
CHEATS = [
    Cheat(
        name="the threshold falls everywhere",
        story="80 becomes 75 in the config and in every other place, in one tidy commit.",
        edit=LOWER,
        rules=("LOOSE001",),
        twin_story="The same, with a waiver that says from what to what, why, who answers, and until when.",
        twin={
            **LOWER,
            CONFIG: lambda text: added(waived("threshold", from_="80", to="75"))(LOWER[CONFIG](text)),
        },
    ),
    Cheat(
        name="a phase asks for less",
        story="The phase's fail-under becomes what was reached.",
        edit={CONFIG: swap(("fail-under = 84", "fail-under = 80"))},
        rules=("LOOSE001",),
        twin_story="It becomes more than it was.",
        twin={CONFIG: swap(("fail-under = 84", "fail-under = 85"))},
    ),
    Cheat(
        name="a criterion goes",
        story="The exit criterion that is not met is taken out of the phase.",
        edit={CONFIG: swap((COVERAGE, ""))},
        rules=("LOOSE001",),
        twin_story="One is added.",
        twin={CONFIG: swap((COVERAGE, f'{COVERAGE}  {{ criterion = "board-closed", stories = ["orders"] }},\n'))},
    ),
    Cheat(
        name="sustained over one run",
        story="`sustained-runs = 2` becomes 1, as the team is in a hurry.",
        edit={CONFIG: swap(("sustained-runs = 2", "sustained-runs = 1"))},
        rules=("LOOSE001",),
        twin_story="It becomes 3.",
        twin={CONFIG: swap(("sustained-runs = 2", "sustained-runs = 3"))},
    ),
    Cheat(
        name="a story sheds a module",
        story="The module that nobody got to is taken out of the story, which is then done.",
        edit={CONFIG: swap(('["src/shop/orders.py", "src/shop/basket.py"]', '["src/shop/basket.py"]'))},
        rules=("LOOSE001",),
        twin_story="The story takes one more.",
        twin={CONFIG: swap(('"src/shop/basket.py"]', '"src/shop/basket.py", "src/shop/till.py"]'))},
    ),
    Cheat(
        name="a target falls",
        story="The story's own target becomes what its modules have.",
        edit={CONFIG: swap(("target = 75", "target = 50"))},
        rules=("LOOSE001",),
        twin_story="It rises.",
        twin={CONFIG: swap(("target = 75", "target = 80"))},
    ),
    Cheat(
        name="a phase goes",
        story="The last phase is deleted with its story; the roadmap is done a step earlier.",
        edit={CONFIG: lambda text: text[: text.index('[[tool.coverage-roadmap.phases]]\nname = "phase2"')]},
        rules=("LOOSE001",),
        twin_story="A phase is added.",
        twin={CONFIG: added('\n[[tool.coverage-roadmap.phases]]\nname = "phase3"\nfail-under = 95\n')},
    ),
    Cheat(
        name="a rule is switched off",
        story="The rule on tests without assertions becomes `off`, since it is noisy.",
        edit={CONFIG: swap(("severity = {", 'severity = { TEST002 = "off",'))},
        rules=("LOOSE001",),
        twin_story="A rule's severity is written down as what it is.",
        twin={CONFIG: swap(("severity = {", 'severity = { DRIFT001 = "error",'))},
    ),
    Cheat(
        name="the rule on loosening is switched off",
        story="The one rule that would tell is switched off in the same commit as the criterion goes.",
        edit={CONFIG: swap(("severity = {", 'severity = { LOOSE001 = "off",'), (COVERAGE, ""))},
        rules=("LOOSE001",),
        twin_story="It is written down as the error that it is.",
        twin={CONFIG: swap(("severity = {", 'severity = { LOOSE001 = "error",'))},
    ),
    Cheat(
        name="every file is ignored",
        story="`check.ignore` takes `*`, for generated code; the config itself is a file, too.",
        edit={
            CONFIG: swap(
                ("severity = {", 'ignore = [{ path = "*", reason = "generated" }]\nseverity = {'), (COVERAGE, "")
            )
        },
        rules=("LOOSE001",),
        twin_story="Nothing is ignored, and a comment says why not.",
        twin={CONFIG: swap(("severity = {", "# nothing is ignored: we have no generated code\nseverity = {"))},
    ),
    Cheat(
        name="the headroom grows",
        story="An automatic bump is told to leave 20 points below what is measured.",
        edit={CONFIG: swap(("dip-below = 50", "dip-below = 50\nheadroom = 20"))},
        rules=("LOOSE001",),
        twin_story="It is told to leave none.",
        twin={CONFIG: swap(("dip-below = 50", "dip-below = 50\nheadroom = 0"))},
    ),
    Cheat(
        name="a dip is none any more",
        story="`dip-below` becomes 5, so that new files without tests are none of its business.",
        edit={CONFIG: swap(("dip-below = 50", "dip-below = 5"))},
        rules=("LOOSE001",),
        twin_story="It becomes 60.",
        twin={CONFIG: swap(("dip-below = 50", "dip-below = 60"))},
    ),
    Cheat(
        name="the default branch is mine",
        story="The config names the work branch as the default branch: compared with itself, it asks for no less.",
        edit={CONFIG: swap(("workers = 1", 'workers = 1\ndefault-branch = "work"'), (COVERAGE, ""))},
        rules=("LOOSE001",),
        twin_story="The config names the branch that it is.",
        twin={CONFIG: swap(("workers = 1", 'workers = 1\ndefault-branch = "main"'))},
    ),
    Cheat(
        name="another history",
        story="The history moves to a new branch, where nothing bears out, or contradicts, what was closed.",
        edit={
            CONFIG: swap(
                (
                    "[tool.coverage-roadmap.check]",
                    '[tool.coverage-roadmap.history]\nbranch = "fresh"\n\n[tool.coverage-roadmap.check]',
                )
            )
        },
        rules=("LOOSE001",),
        twin_story="The branch is written down as the one that it is.",
        twin={
            CONFIG: swap(
                (
                    "[tool.coverage-roadmap.check]",
                    '[tool.coverage-roadmap.history]\nbranch = "coverage-history"\n\n[tool.coverage-roadmap.check]',
                )
            )
        },
    ),
    Cheat(
        name="tests are excluded",
        story="The tests that fail are added to `exclude`, until somebody has time.",
        edit={CONFIG: swap(("exclude = []", 'exclude = ["tests/test_stock.py"]'))},
        rules=("LOOSE001",),
        twin_story="The same, waived for a time by somebody who answers for it.",
        twin={
            CONFIG: lambda text: added(waived("scope tests tests/test_stock.py"))(
                swap(("exclude = []", 'exclude = ["tests/test_stock.py"]'))(text)
            )
        },
    ),
    Cheat(
        name="a floor is edited",
        story="A file's floor in `coverage-baseline.json` is lowered by hand; nobody reads that file in a review.",
        edit={"coverage-baseline.json": swap((STOCK, STOCK.replace('"missing": 1', '"missing": 9')))},
        rules=("LOOSE002", "LOOSE003"),
        twin_story="Tests are added, and the baseline is left to `invoke baseline`.",
        twin={
            "tests/test_stock.py": added("\n\ndef test_nothing_is_held_at_first():\n    assert Stock().held == {}\n")
        },
    ),
    Cheat(
        name="the baseline goes",
        story="`coverage-baseline.json` is deleted after a conflict, to be made anew some day.",
        edit={"coverage-baseline.json": None},
        rules=("LOOSE002",),
        twin_story="Another file goes, that holds nothing up.",
        twin={"src/tools/labels.py": None, "src/tools/__init__.py": None},
    ),
    Cheat(
        name="a baseline that cannot be read",
        story="The markers of a conflict are committed; a tool that cannot read its floors might ask for none.",
        edit={"coverage-baseline.json": lambda text: "<<<<<<< HEAD\n" + text},
        rules=("LOOSE002", "LOOSE003"),
        twin_story="The same content is committed as it was.",
        twin={"coverage-baseline.json": lambda text: text},
    ),
]
