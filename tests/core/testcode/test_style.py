"""What the project's settings make a test."""

from __future__ import annotations

import pytest
from _pytest.pathlib import fnmatch_ex

from coverage_roadmap.core.testcode import PYTEST, Style, style_of

CHECKS = Style(("check_",), ("Check", "*Suite"), ("check_*.py", "*_spec.py"))


@pytest.mark.parametrize(
    "texts",
    [
        {
            "pytest.ini": "[pytest]\npython_files = check_*.py *_spec.py\npython_classes =\n    Check\n    *Suite\n"
            "python_functions = check_\n"
        },
        {
            "setup.cfg": "[tool:pytest]\npython_files =\n    check_*.py\n    *_spec.py\n"
            "python_classes = Check *Suite\npython_functions = check_\n"
        },
        {
            "pyproject.toml": '[tool.pytest.ini_options]\npython_files = ["check_*.py", "*_spec.py"]\n'
            'python_classes = "Check *Suite"\npython_functions = ["check_"]\n',
            "tox.ini": "[pytest]\npython_files = other.py\n",
        },
        {
            "pytest.toml": '[pytest]\npython_files = ["check_*.py", "*_spec.py"]\naddopts = ["-o", '
            '"python_classes=Check *Suite", "--override-ini=python_functions=check_"]\n'
        },
    ],
    ids=["pytest.ini", "setup.cfg", "pyproject.toml", "pytest.toml"],
)
def test_each_settings_file_of_pytest_may_say_what_a_test_is(texts: dict[str, str]) -> None:
    assert style_of(texts) == CHECKS


def test_the_configs_words_for_pytest_go_before_the_files() -> None:
    texts = {"pytest.ini": "[pytest]\npython_files = a.py\n"}
    assert style_of(texts, ["-opython_files=b.py", "--override-ini", "python_functions=c", "-o"]).files == ("b.py",)
    assert style_of(texts, ["-x", "-o", "broken"]).files == ("a.py",)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"pytest.ini": "[pytest]\naddopts = -q\n"},
        {"pytest.ini": "no ini"},
        {"pytest.ini": "", "tox.ini": "[pytest]\npython_files = late.py\n"},
        {"setup.cfg": "[metadata]\nname = x\n"},
    ],
)
def test_without_settings_pytests_own_hold(texts: dict[str, str]) -> None:
    assert style_of(texts) == PYTEST


@pytest.mark.parametrize("value", ["'", "[1]"], ids=["an open quote", "a list of numbers"])
def test_what_pytest_would_refuse_takes_no_file_for_a_test(value: str) -> None:
    texts = {"pytest.toml": f"[pytest]\npython_files = {value}\n", "pytest.ini": f"[pytest]\npython_files = {value}\n"}
    assert style_of({"pytest.toml": texts["pytest.toml"]}).files == (() if value == "[1]" else PYTEST.files)
    assert not style_of({"pytest.ini": texts["pytest.ini"]}).takes("tests/test_a.py")


@pytest.mark.parametrize("pattern", ["test_*.py", "*_test.py", "unit/*.py", "tests/*/a*.py", "/tests/test_a.py", "*"])
def test_files_are_taken_as_pytest_takes_them(pattern: str) -> None:
    for path in ("tests/test_a.py", "tests/unit/a_test.py", "unit/a.py", "deep/tests/unit/a.py", "test_a.pyc"):
        assert Style(files=(pattern,)).takes(path) is fnmatch_ex(pattern, f"/{path}"), path
