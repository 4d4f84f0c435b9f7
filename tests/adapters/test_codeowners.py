"""CODEOWNERS: whom it names, and what a hostile one cannot do."""

from __future__ import annotations

from typing import Any

import pytest

from coverage_roadmap.adapters import codeowners


def suggest(repo: Any, *paths: str, folder: str = ".") -> tuple[dict[str, tuple[str, ...]], str]:
    return codeowners.suggest(repo.found(folder), "HEAD", paths)


def test_the_last_line_that_fits_tells_and_one_without_owners_tells_nobody(repo: Any) -> None:
    repo.commit({"CODEOWNERS": "# us\n* @org/all\n/src/ @kim lee@example.org # us\n/src/free/\n*.md @docs\n"})
    found, wrong = suggest(repo, "src/a b.py", "src/free/b.py", "top.py", "src/x.md")
    assert wrong == ""
    assert found == {
        "src/a b.py": ("@kim", "lee@example.org"),
        "top.py": ("@org/all",),
        "src/x.md": ("@docs",),
    }


def test_paths_are_those_of_the_project_and_the_file_is_the_repository_s(repo: Any) -> None:
    repo.commit({"docs/CODEOWNERS": "/app/src/ @app\n", "app/src/a.py": "x"})
    assert suggest(repo, "src/a.py", folder="app") == ({"src/a.py": ("@app",)}, "")


def test_the_first_place_counts(repo: Any) -> None:
    repo.commit({"docs/CODEOWNERS": "* @docs\n", "CODEOWNERS": "* @top\n"})
    assert suggest(repo, "a.py") == ({"a.py": ("@top",)}, "")
    repo.commit({".github/CODEOWNERS": "* @github\n"})
    assert suggest(repo, "a.py") == ({"a.py": ("@github",)}, "")


def test_lines_that_cannot_be_read_are_passed_over(repo: Any) -> None:
    hostile = [
        "[z-a] @x",
        "src/[broken @x",
        "a/" + "*a" * 9 + " @x",
        "x" * 2_000 + " @x",
        "\0\ufeff @x",
        "é @x",
    ]
    repo.commit({"CODEOWNERS": "\n".join(["* @all", *hostile, "src/b.py " + " ".join(f"@u{n}" for n in range(9))])})
    found, wrong = suggest(repo, "src/a.py", "src/b.py")
    assert (found["src/a.py"], wrong) == (("@all",), "")
    assert found["src/b.py"] == ("@u0", "@u1", "@u2", "@u3", "@u4")


def test_patterns_that_would_take_for_ever_are_passed_over(repo: Any) -> None:
    repo.commit({"CODEOWNERS": "\n".join(["/" + "**/" * 30 + "x @x", "/" + "*a" * 30 + "b @x", "* @all"])})
    found, _ = suggest(repo, "a/" * 40 + "a" * 80)
    assert list(found.values()) == [("@all",)]


def test_a_file_that_is_too_large_is_said_and_not_read(repo: Any) -> None:
    repo.commit({".github/CODEOWNERS": "* @x\n" * 60_000})
    assert suggest(repo, "a.py") == ({}, ".github/CODEOWNERS is larger than 256 KiB and is not read")


@pytest.mark.parametrize("kind", ["none", "link", "folder"])
def test_what_is_no_file_suggests_nobody(repo: Any, kind: str) -> None:
    repo.commit({"a.py": "x"})
    if kind == "link":
        (repo.top / "CODEOWNERS").symlink_to("/etc/passwd")
    if kind == "folder":
        repo.write({"CODEOWNERS/x": "* @x"})
    repo.commit()
    assert suggest(repo, "a.py") == ({}, "")
