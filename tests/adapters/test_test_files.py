"""The project's test code is read once, and what was made of it is remembered."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import test_files as reading
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core.testcode import Style

EMPTY = "def test_it():\n    print(1)\n"
HONEST = "def test_it():\n    assert len('a') == 1\n"


class At:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def told(repo: Any) -> Callable[..., list[str]]:
    """What is complained of, by path and kind, with a memory of this call alone or a given one."""

    def ask(*tests: str, with_git: bool = True, project: Path | None = None) -> list[str]:
        top = project or repo.top.resolve()
        repository = repo.found() if with_git else None
        found = reading.complaints(top, repository, tests or ("tests",), Memory(top, At()))
        return [f"{one.path} {one.kind}" for one in found]

    return ask


@pytest.mark.parametrize("with_git", [True, False])
def test_only_test_files_below_the_folders_of_tests_are_judged(repo: Any, told: Any, with_git: bool) -> None:
    names = ("tests/test_a.py", "tests/deep/b_test.py", "tests/helper.py", "src/test_c.py", "tests/test_d.txt")
    repo.write(dict.fromkeys(names, EMPTY))
    wanted = ["tests/deep/b_test.py no-assertion", "tests/test_a.py no-assertion"]
    assert told(with_git=with_git) == wanted
    assert told("tests/deep", "src/test_c.py", with_git=with_git) == [wanted[0], "src/test_c.py no-assertion"][::-1]
    assert told("gone", with_git=with_git) == []


def test_ignored_files_are_not_read(repo: Any, told: Any) -> None:
    repo.commit({".gitignore": "tests/made/\n", "tests/made/test_a.py": EMPTY, "tests/test_b.py": HONEST})
    assert told() == []


def test_a_helper_of_another_file_asserts_for_a_test(repo: Any, told: Any) -> None:
    repo.write(
        {
            "tests/helper.py": "def proves(x):\n    assert x\n\n\ndef shows(x):\n    print(x)\n",
            "tests/test_a.py": "from helper import proves\n\n\ndef test_it():\n    proves(1)\n",
            "tests/test_b.py": "from helper import shows\n\n\ndef test_it():\n    shows(1)\n",
        }
    )
    assert told() == ["tests/test_b.py no-assertion"]


def test_a_file_is_parsed_again_once_it_changed(repo: Any, told: Any) -> None:
    repo.commit({"tests/test_a.py": EMPTY, "tests/test_b.py": EMPTY})
    assert told() == told() == ["tests/test_a.py no-assertion", "tests/test_b.py no-assertion"]
    repo.write({"tests/test_a.py": HONEST, "tests/test_b.py": "def test_(:\n"})
    assert told() == ["tests/test_b.py broken"]
    (repo.top / "tests/test_a.py").unlink()
    assert told() == ["tests/test_b.py broken"]


@pytest.mark.parametrize("with_git", [True, False])
def test_hostile_names_and_contents_are_read_or_said(repo: Any, told: Any, with_git: bool) -> None:
    repo.write({"tests/test_a\nb.py": EMPTY, "tests/test_große.py": EMPTY})
    odd = repo.top / "tests" / os.fsdecode(b"test_\xff.py")
    odd.write_text(EMPTY)
    (repo.top / "tests/test_bytes.py").write_bytes(b"# \xff\x00\xfe\ndef test_it(: \xff\n")
    (repo.top / "tests/test_loop.py").symlink_to("test_loop.py")
    (repo.top / "tests/test_gone.py").symlink_to("nowhere.py")
    (repo.top / "tests/test_large.py").write_bytes(b"#" * (8 * 2**20 + 1))
    for _ in range(2):  # made anew, and recalled
        kinds = dict(one.rsplit(" ", 1) for one in told(with_git=with_git))
        assert kinds == {
            "tests/test_a\nb.py": "no-assertion",
            "tests/test_große.py": "no-assertion",
            "tests/test_\udcff.py": "no-assertion",
            "tests/test_bytes.py": "broken",
            "tests/test_large.py": "broken",
        }


def test_the_projects_settings_say_which_files_are_tests_and_one_that_is_named_always_is(repo: Any) -> None:
    top = repo.top.resolve()
    repo.write({"tests/check_a.py": EMPTY, "tests/test_b.py": EMPTY, "tests/named.py": EMPTY})

    def asked(style: Style, *tests: str) -> list[str]:
        found = reading.complaints(top, repo.found(), tests, Memory(top, At()), style)
        return [one.path for one in found]

    assert asked(Style(files=("check_*.py",)), "tests") == ["tests/check_a.py"]
    assert asked(Style(files=("check_*.py",)), "tests/named.py") == ["tests/named.py"]
    assert asked(Style(functions=("check_",)), "tests") == []
