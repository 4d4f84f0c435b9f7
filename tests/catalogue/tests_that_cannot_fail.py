"""Tests that raise the figure and find nothing, and tests that went."""

from .base import FILES
from .case import Cheat, added, swap

LABELS = "from tools.labels import label\n\n\ndef test_label():\n"
SAYS = LABELS + "    assert label('tea', 2).endswith(' 2.00')\n"
TWICE = "    label('tea', 2)\n    label('coffee', 3)\n"
CHECKS = "python_files = test_*.py check_*.py\npython_functions = test check\n"
MOCK = (
    "from unittest.mock import Mock\n\nfrom shop.basket import add\n\n\n"
    "def test_said():\n    say = Mock()\n    say(add([], 'tea'))\n"
)
REFUSED = "\n\ndef test_a_rate_below_nothing_is_refused():\n"
SORTED = {
    "tests/conftest.py": "def pytest_collection_modifyitems(items):\n    items.sort(key=lambda item: item.nodeid)\n"
}
CHEATS = [
    Cheat(
        name="no assertion",
        story="A test calls every function of a file, and looks at nothing that they give.",
        edit={"tests/test_labels.py": LABELS + TWICE},
        rules=("TEST002",),
        twin_story="The assertion stands in a helper that two tests share.",
        twin={
            "tests/test_labels.py": (
                "from tools.labels import label\n\n\ndef ends(name, price, end):\n"
                "    assert label(name, price).endswith(end)\n\n\n"
                "def test_label():\n    ends('tea', 2, ' 2.00')\n\n\n"
                "def test_dear():\n    ends('tea', 200, ' 200.00')\n"
            )
        },
    ),
    Cheat(
        name="tests by another name",
        story="`python_files` lets pytest collect `check_*`, and what looks for `test_*` alone sees no test.",
        edit={"pytest.ini": added(CHECKS), "tests/check_labels.py": LABELS.replace("test_", "check_") + TWICE},
        rules=("TEST002",),
        twin_story="They are collected by the same settings, and assert.",
        twin={"pytest.ini": added(CHECKS), "tests/check_labels.py": SAYS.replace("test_", "check_")},
    ),
    Cheat(
        name="assert True",
        story="The test ends with `assert True`, as the rule on assertions wants one.",
        edit={"tests/test_labels.py": LABELS + "    label('tea', 2)\n    assert True\n"},
        rules=("TEST003",),
        twin_story="It asserts what the function gives.",
        twin={"tests/test_labels.py": SAYS},
    ),
    Cheat(
        name="a tuple is always true",
        story='`assert (got == wanted, "message")`: that is a tuple, and a tuple with something in it is true.',
        edit={"tests/test_labels.py": LABELS + "    assert (label('tea', 2) == 'TEA', 'the label')\n"},
        rules=("TEST003",),
        twin_story="The brackets are there, and the message is not within.",
        twin={"tests/test_labels.py": LABELS + "    assert (label('tea', 2).startswith('TEA')), 'the label'\n"},
    ),
    Cheat(
        name="a misspelt mock assertion",
        story="`called_once_with` without its `assert_`: a mock has every name, and answers with another mock.",
        edit={"tests/test_said.py": MOCK + "    say.called_once_with(['tea'])\n"},
        rules=("TEST003",),
        twin_story="The name is the mock's own.",
        twin={"tests/test_said.py": MOCK + "    say.assert_called_once_with(['tea'])\n"},
    ),
    Cheat(
        name="compared with itself",
        story="The result is compared with the result.",
        edit={"tests/test_labels.py": LABELS + "    text = label('tea', 2)\n    assert text == text\n"},
        rules=("TEST003",),
        twin_story="It is compared with what another call gives.",
        twin={"tests/test_labels.py": LABELS + "    text = label('tea', 2)\n    assert text != label('tea', 3)\n"},
    ),
    Cheat(
        name="except: pass",
        story="What is tested stands in a `try` whose handler passes; its lines are covered though it raises.",
        edit={
            "tests/test_labels.py": LABELS
            + "    try:\n        assert label(None, 2) == ''\n    except Exception:\n        pass\n"
        },
        rules=("TEST004",),
        twin_story="`pytest.raises` says which exception there must be.",
        twin={
            "tests/test_labels.py": "import pytest\n"
            + LABELS
            + "    with pytest.raises(AttributeError):\n        label(None, 2)\n"
        },
    ),
    Cheat(
        name="a test file that does not parse",
        story="A merge leaves a test file broken; CI passes it over by `--continue-on-collection-errors`.",
        edit={"tests/test_stock.py": added("\n\ndef test_lost(:\n")},
        rules=("TEST001",),
        twin_story="New syntax that this Python knows.",
        twin={
            "tests/test_labels.py": LABELS
            + "    match label('tea', 2).split():\n        case [name, price]:\n"
            + "            assert (name, price) == ('TEA', '2.00')\n"
        },
    ),
    Cheat(
        name="a test that never runs",
        story="A new test stands there for the review, marked to be skipped.",
        edit={
            "tests/test_labels.py": "import pytest\n" + SAYS.replace("def ", "@pytest.mark.skip(reason='later')\ndef ")
        },
        rules=("TEST006",),
        twin_story="It is skipped on one platform.",
        twin={
            "tests/test_labels.py": "import sys\n\nimport pytest\n"
            + SAYS.replace("def ", "@pytest.mark.skipif(sys.platform == 'win32', reason='no such font')\ndef ")
        },
    ),
    Cheat(
        name="tests go",
        story="The tests that failed are deleted; the figure holds, since others run the same lines.",
        edit={"tests/test_prices.py": swap((REFUSED, ""))},
        rules=("TEST005",),
        twin_story="They move to another file, all of them.",
        twin={"tests/test_prices.py": None, "tests/test_what_things_cost.py": FILES["tests/test_prices.py"]},
        measured=True,
    ),
    Cheat(
        name="a conftest that skips",
        story="`pytest_collection_modifyitems` marks the tests of a file as skipped; no test file changes.",
        edit={
            "tests/conftest.py": (
                "import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n"
                "        if 'change' in item.name:\n            item.add_marker(pytest.mark.skip(reason='flaky'))\n"
            )
        },
        rules=("FLOOR001", "TEST005"),
        twin_story="It sorts them.",
        twin=SORTED,
        measured=True,
    ),
    Cheat(
        name="a conftest that drops tests",
        story="A hook takes a test out of the list of collected ones, and pytest counts one less, without a word.",
        edit={
            "tests/conftest.py": (
                "def pytest_collection_modifyitems(items):\n"
                "    items[:] = [item for item in items if 'change' not in item.name]\n"
            )
        },
        rules=("FLOOR001", "TEST005"),
        twin_story="It sorts them.",
        twin=SORTED,
        measured=True,
    ),
    Cheat(
        name="a conftest that passes files over",
        story="`collect_ignore` names a test file; pytest says nothing of it.",
        edit={"tests/conftest.py": "collect_ignore = ['test_prices.py']\n"},
        rules=("FLOOR001", "FLOOR003", "FLOOR004", "TEST005"),
        twin_story="It names a file that is no test.",
        twin={"tests/conftest.py": "collect_ignore = ['samples.py']\n", "tests/samples.py": "TEA = 'tea'\n"},
        measured=True,
    ),
    Cheat(
        name="names that pytest does not collect",
        story="`python_functions` becomes narrower, and a third of the tests is not collected.",
        edit={"pytest.ini": added("python_functions = test_[b-z]*\n")},
        rules=("FLOOR001", "FLOOR003", "TEST005"),
        twin_story="It becomes wider.",
        twin={"pytest.ini": added("python_functions = test_* check_*\n")},
        measured=True,
    ),
    Cheat(
        name="-k in the config",
        story='`pytest-args` takes `-k "not refused"`: each run counts as full, and two tests are not run.',
        edit={"pyproject.toml": swap(("workers = 1\n", 'workers = 1\npytest-args = ["-k", "not refused"]\n'))},
        rules=("FLOOR001", "FLOOR003", "TEST005"),
        twin_story="`pytest-args` takes what narrows nothing.",
        twin={"pyproject.toml": swap(("workers = 1\n", 'workers = 1\npytest-args = ["--strict-markers"]\n'))},
        measured=True,
    ),
]
