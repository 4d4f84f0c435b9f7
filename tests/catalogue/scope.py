"""Figures that rise because less is measured."""

from .base import FILES, LABELLED
from .case import Cheat, added, swap, waived

LABELS = FILES["src/tools/labels.py"]
BESIDE = "[pytest]\npythonpath = ../src\naddopts = -q --cov=src --cov-fail-under=80"
CHEATS = [
    Cheat(
        name="omit grows",
        story="A folder with no tests is added to `omit`, as helper scripts that nobody needs to test.",
        edit={".coveragerc": swap(("    */generated_*.py\n", "    */generated_*.py\n    src/tools/*\n"))},
        rules=("SCOPE001",),
        twin_story="The folder gets a test.",
        twin=LABELLED,
    ),
    Cheat(
        name="omit takes a story's module",
        story="The module that a phase is about is omitted, so that the phase is reached without it.",
        edit={".coveragerc": swap(("    */generated_*.py\n", "    */generated_*.py\n    src/shop/orders.py\n"))},
        rules=("SCOPE001", "SCOPE005"),
        twin_story="Scripts that are no story's are omitted, and a waiver says of just these why and how long.",
        twin={
            ".coveragerc": swap(("    */generated_*.py\n", "    */generated_*.py\n    src/tools/*\n")),
            "pyproject.toml": added(waived("scope src/tools/*", hides="5")),
        },
    ),
    Cheat(
        name="source is narrowed",
        story="The config measures the one folder that has tests, since that is where the product is.",
        edit={"pyproject.toml": swap(('source = ["src"]', 'source = ["src/shop"]'))},
        rules=("LOOSE001", "SCOPE001"),
        twin_story="A second folder is measured beside the first.",
        twin={
            "pyproject.toml": swap(('source = ["src"]', 'source = ["src", "more"]')),
            "more/__init__.py": "",
            "more/words.py": 'GREETING = "hello"\n',
        },
    ),
    Cheat(
        name="coverage's own include",
        story="`include` in `.coveragerc` holds the report to the shop; neither `omit` nor the config changes.",
        edit={".coveragerc": swap(("[report]\n", "[report]\ninclude = src/shop/*\n"))},
        rules=("SCOPE001",),
        twin_story="The report shows where lines are missing; nothing is held back.",
        twin={".coveragerc": swap(("[report]\n", "[report]\nshow_missing = true\n"))},
    ),
    Cheat(
        name="another settings file",
        story="`pytest-args` names a second settings file of coverage's, in which more is omitted.",
        edit={
            "pyproject.toml": swap(("workers = 1\n", 'workers = 1\npytest-args = ["--cov-config=ci.coveragerc"]\n')),
            "ci.coveragerc": FILES[".coveragerc"].replace("*/generated_*.py", "src/tools/*"),
        },
        rules=("SCOPE001",),
        twin_story="The second settings file measures the same.",
        twin={
            "pyproject.toml": swap(("workers = 1\n", 'workers = 1\npytest-args = ["--cov-config=ci.coveragerc"]\n')),
            "ci.coveragerc": FILES[".coveragerc"],
        },
    ),
    Cheat(
        name="the settings file goes",
        story="`.coveragerc` is deleted in a clean-up; branches are no longer measured, and lines alone give more.",
        edit={".coveragerc": None},
        rules=("SCOPE004",),
        twin_story="The settings move to `pyproject.toml`, each of them.",
        twin={
            ".coveragerc": None,
            "pyproject.toml": added(
                '\n[tool.coverage.run]\nbranch = true\nomit = ["*/generated_*.py"]\n'
                '[tool.coverage.report]\nexclude_also = ["raise NotImplementedError"]\n'
            ),
        },
    ),
    Cheat(
        name="a file moves out",
        story="A file without tests moves from `src` to a folder that is not measured.",
        edit={"src/tools/labels.py": None, "contrib/labels.py": LABELS},
        rules=("SCOPE001",),
        twin_story="The file moves within `src`, and counts there.",
        twin={"src/tools/labels.py": None, "src/shop/labels.py": LABELS},
    ),
    Cheat(
        name="a name that omit knows",
        story="A file without tests is renamed to `generated_labels.py`, which a pattern of old omits.",
        edit={"src/tools/labels.py": None, "src/tools/generated_labels.py": LABELS},
        rules=("SCOPE001",),
        twin_story="It is renamed to what no pattern fits.",
        twin={"src/tools/labels.py": None, "src/tools/sticker.py": LABELS},
    ),
    Cheat(
        name="a folder is no package any more",
        story="An `__init__.py` is deleted: what no test imports in that folder is not seen by coverage.py at all.",
        edit={"src/tools/__init__.py": None},
        rules=("SCOPE001",),
        twin_story="The files of the folder go with it, since nothing uses them.",
        twin={"src/tools/__init__.py": None, "src/tools/labels.py": None},
    ),
    Cheat(
        name="a source that does not parse",
        story="A line of another Python makes a file unreadable; coverage.py warns, and leaves it out.",
        edit={"src/tools/labels.py": added("\nprint 'ready'\n")},
        rules=("SCOPE001",),
        twin_story="The line is written in this Python.",
        twin={"src/tools/labels.py": added("\nREADY = True\n")},
    ),
    Cheat(
        name="settings beside the tests",
        story="`tests/pytest.ini`, which goes before the project's, names settings of coverage's that omit more.",
        edit={
            "tests/pytest.ini": f"{BESIDE} --cov-config=tests/coverage.cfg\n",
            "tests/coverage.cfg": "[run]\nbranch = true\nomit =\n    */generated_*.py\n    */tools/*\n",
        },
        rules=("SCOPE001",),
        twin_story="The settings move there, and measure the same.",
        twin={"tests/pytest.ini": f"{BESIDE}\n"},
    ),
    Cheat(
        name="a pragma on a class",
        story="One comment behind `class Stock:` takes all its methods out, the tested ones with the others.",
        edit={"src/shop/stock.py": swap(("class Stock:", "class Stock:  # pragma: no cover"))},
        rules=("SCOPE003",),
        twin_story="The method that was not covered is tested.",
        twin={
            "tests/test_stock.py": added(
                "\n\ndef test_audit():\n    stock = Stock()\n    stock.held = {'tea': -1}\n"
                "    assert stock.audit() == ['tea']\n"
            )
        },
    ),
    Cheat(
        name="a pragma on an if",
        story="A comment takes out a condition with what stands below it, since it is hard to reach.",
        edit={"src/shop/stock.py": swap(("if count < 0:", "if count < 0:  # pragma: no cover"))},
        rules=("SCOPE003",),
        twin_story="The comment that is added excludes nothing.",
        twin={"src/shop/stock.py": swap(("if count < 0:", "if count < 0:  # must not be"))},
    ),
    Cheat(
        name="an exclusion of every function",
        story="`exclude_also` takes `def `; it reads like a detail of the report.",
        edit={".coveragerc": swap(("    raise NotImplementedError\n", "    raise NotImplementedError\n    def \n"))},
        rules=("SCOPE002",),
        twin_story="A pattern is taken away, so that more counts.",
        twin={".coveragerc": swap(("exclude_also =\n    raise NotImplementedError\n", ""))},
    ),
    Cheat(
        name="partial branches",
        story="`partial_also` says that no `if` needs its other way.",
        edit={".coveragerc": swap(("[report]\n", "[report]\npartial_also =\n    if .*:\n"))},
        rules=("SCOPE002",),
        twin_story="It is said, and waived for a time.",
        twin={
            ".coveragerc": swap(("[report]\n", "[report]\npartial_also =\n    if .*:\n")),
            "pyproject.toml": added(waived("scope partial if .*:", hides="5")),
        },
    ),
    Cheat(
        name="no branch, please",
        story="`# pragma: no branch` is put behind an `if` whose other way no test goes.",
        edit={"src/shop/stock.py": swap(("if count < 0:", "if count < 0:  # pragma: no branch"))},
        rules=("SCOPE003",),
        twin_story="It stands where no branch is, and forgives nothing.",
        twin={"src/shop/stock.py": swap(("wrong = []", "wrong = []  # pragma: no branch"))},
    ),
    Cheat(
        name="below TYPE_CHECKING",
        story="Code that runs is put below `if TYPE_CHECKING:`, which is excluded for imports of types.",
        edit={
            "src/tools/labels.py": swap(
                ('"""Labels to print."""\n', '"""Labels to print."""\n\nfrom typing import TYPE_CHECKING\n'),
                ("def label", "if TYPE_CHECKING:\n\n  def label"),
            )
        },
        rules=("SCOPE002",),
        twin_story="An import that only types need stands there.",
        twin={
            "src/tools/labels.py": swap(
                (
                    '"""Labels to print."""\n',
                    '"""Labels to print."""\n\nfrom typing import TYPE_CHECKING\n\n'
                    "if TYPE_CHECKING:\n    from decimal import Decimal\n",
                )
            )
        },
    ),
    Cheat(
        name="branches off",
        story="`branch = true` becomes false, to make the tests quicker.",
        edit={".coveragerc": swap(("branch = true", "branch = false"))},
        rules=("SCOPE004",),
        twin_story="The same is written in other words.",
        twin={".coveragerc": swap(("branch = true", "branch = 1"))},
    ),
    Cheat(
        name="a story's module under another name",
        story="A story's module is renamed, and the story still names the old one: nobody asks for its coverage.",
        edit={"src/shop/basket.py": None, "src/shop/cart.py": FILES["src/shop/basket.py"]},
        rules=("SCOPE005",),
        twin_story="The story follows the new name.",
        twin={
            "src/shop/basket.py": None,
            "src/shop/cart.py": FILES["src/shop/basket.py"],
            "pyproject.toml": swap(("src/shop/basket.py", "src/shop/cart.py")),
            "tests/test_orders.py": swap(("shop.basket", "shop.cart")),
        },
    ),
]
