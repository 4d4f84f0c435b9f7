"""The measured tree changes with what a measurement rests on, and with nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import git, measured_tree
from coverage_roadmap.core.roadmap import Roadmap

PROJECT = {
    "README.md": "words\n",
    "src/a.py": "x = 1\n",
    "tests/unit/test_a.py": "def test(): pass\n",
    "tests/conftest.py": "",
    "conftest.py": "",
    "requirements-dev.txt": "-r base.txt\npytest\n",
    "base.txt": "rich\n",
    "pytest.ini": "[pytest]\naddopts = -q --cov-fail-under=55\n",
    ".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 55\n",
    "setup.cfg": "[metadata]\nname = x\n[coverage:report]\nfail_under = 55\n[tool:pytest]\naddopts = -q\n",
    "pyproject.toml": (
        '[project]\nname = "x"\n[tool.coverage.report]\nfail_under = 55\n'
        '[tool.pytest.ini_options]\naddopts = ["--cov-fail-under", "55", "--cov-fail-under=55"]\n'
        "[tool.coverage-roadmap]\nthreshold = 55\n"
    ),
}
NOTHING: list[str] = []
EDITS = [
    pytest.param("README.md", "words", "other words", NOTHING, id="a README edit"),
    pytest.param("pytest.ini", "=55", "=60", NOTHING, id="a bump in pytest.ini"),
    pytest.param("pytest.ini", "=55", " 60.5", NOTHING, id="a bump written with a space"),
    pytest.param(".coveragerc", "= 55", "= 60", NOTHING, id="a bump in .coveragerc"),
    pytest.param("setup.cfg", "= 55", "= 60", NOTHING, id="a bump in setup.cfg"),
    pytest.param("pyproject.toml", "55", "60", NOTHING, id="all bumps in pyproject.toml"),
    pytest.param("pyproject.toml", 'name = "x"', 'name = "y"', NOTHING, id="metadata that nothing installs"),
    pytest.param("setup.cfg", "name = x", "name = y", NOTHING, id="metadata in setup.cfg"),
    pytest.param("pytest.ini", "-q", "-q -p no:cacheprovider", ["settings"], id="an option in pytest.ini"),
    pytest.param(".coveragerc", "true", "true\nomit = src/a.py", ["settings"], id="an omit"),
    pytest.param("setup.cfg", "addopts = -q", "addopts = -x", ["settings"], id="an option in setup.cfg"),
    pytest.param(
        "pyproject.toml", "fail_under = 55", "fail_under = 55\nskip_empty = true", ["settings"], id="a report"
    ),
    pytest.param("src/a.py", "1", "2", ["source"], id="a source edit"),
    pytest.param("tests/unit/test_a.py", "pass", "assert 1", ["tests"], id="a test edit"),
    pytest.param("tests/conftest.py", "", "x = 1\n", ["tests"], id="a conftest above the tests"),
    pytest.param("conftest.py", "", "x = 1\n", ["tests"], id="the project's own conftest"),
    pytest.param("requirements-dev.txt", "pytest", "pytest>=8", ["requirements"], id="a requirement"),
    pytest.param("base.txt", "rich", "rich>=13", ["requirements"], id="a requirement that another file includes"),
]


@pytest.fixture
def roadmap(make_roadmap: Callable[..., Roadmap]) -> Roadmap:
    return make_roadmap(tests=["tests/unit/"], requirements=["./requirements-dev.txt"])


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after) if before else after + text)


@pytest.mark.parametrize("folder", ["", "apps/größe/"], ids=["at the top", "in a sub-folder"])
@pytest.mark.parametrize(("name", "before", "after", "parts"), EDITS)
def test_an_edit_says_its_part_and_a_bump_none(
    repo: Any, roadmap: Roadmap, folder: str, name: str, before: str, after: str, parts: list[str]
) -> None:
    repo.commit({f"{folder}{file}": text for file, text in PROJECT.items()})
    project = (repo.top / folder).resolve()
    first = measured_tree.look(roadmap, project, git.find(project))
    edit(project / name, before, after)
    dirty = measured_tree.look(roadmap, project, git.find(project))
    repo.commit()
    committed = measured_tree.look(roadmap, project, git.find(project))
    assert first.head == first.now == dirty.head
    assert dirty.now.differs_in(first.now) == parts
    assert committed.head == committed.now == dirty.now
    assert (first.dirty, committed.dirty) == ((), ())


@pytest.mark.parametrize(("name", "before", "after", "parts"), EDITS)
def test_without_git_an_edit_says_its_part_too(
    tmp_path: Path, roadmap: Roadmap, name: str, before: str, after: str, parts: list[str]
) -> None:
    for file, text in PROJECT.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    first = measured_tree.look(roadmap, tmp_path, None)
    edit(tmp_path / name, before, after)
    second = measured_tree.look(roadmap, tmp_path, None)
    assert second.now.differs_in(first.now) == parts
    assert (second.head, second.dirty) == (None, ())


def test_a_dirty_file_that_differs_in_a_threshold_alone_is_named_and_bars_nothing(repo: Any, roadmap: Roadmap) -> None:
    repo.commit(PROJECT)
    edit(repo.top / "pytest.ini", "=55", "=60")
    seen = measured_tree.look(roadmap, repo.top, repo.found())
    assert seen.dirty == ("pytest.ini",)
    assert seen.now == seen.head


@pytest.mark.parametrize(
    ("name", "words", "parts"),
    [
        ("tests/pytest.ini", [], ["settings"]),
        ("tests/unit/pytest.ini", [], ["settings"]),
        ("../pytest.ini", [], NOTHING),
        ("ci/pytest.ini", [], NOTHING),
        ("ci/pytest.ini", ["-c", "ci/pytest.ini"], ["settings"]),
        ("ci/own.cfg", ["--cov-config=ci/own.cfg"], ["settings"]),
    ],
)
def test_settings_files_elsewhere_count_where_they_are_read(
    repo: Any, make_roadmap: Callable[..., Roadmap], name: str, words: list[str], parts: list[str]
) -> None:
    roadmap = make_roadmap(tests=["tests/unit"], **{"pytest-args": words})
    repo.commit({f"app/{file}": text for file, text in PROJECT.items()})
    project = (repo.top / "app").resolve()
    first = measured_tree.look(roadmap, project, git.find(project))
    text = "[pytest]\naddopts = -q --cov-fail-under={}\n[run]\nomit = x\n"
    repo.write({f"app/{name}": text.format(55)})
    dirty = measured_tree.look(roadmap, project, git.find(project))
    assert dirty.now.differs_in(first.now) == parts
    assert dirty.head == first.now
    repo.commit({f"app/{name}": text.format(60)})
    assert measured_tree.look(roadmap, project, git.find(project)).head == dirty.now


def test_settings_that_git_does_not_hold_are_not_those_of_head(
    repo: Any, make_roadmap: Callable[..., Roadmap], tmp_path: Path
) -> None:
    repo.commit(PROJECT)
    outside = tmp_path / "outside.cfg"
    outside.write_text("[run]\nomit = x\n")
    roadmap = make_roadmap(tests=["tests/unit"], **{"pytest-args": [f"--cov-config={outside}"]})
    seen = measured_tree.look(roadmap, repo.top, repo.found())
    assert seen.now.differs_in(seen.head) == ["settings"]


def test_before_the_first_commit_there_is_no_head_and_all_is_dirty(repo: Any, roadmap: Roadmap) -> None:
    repo.write(PROJECT)
    seen = measured_tree.look(roadmap, repo.top, repo.found())
    assert seen.head is None
    assert "src/a.py" in seen.dirty
    assert "README.md" not in seen.dirty


@pytest.mark.parametrize("in_git", [True, False])
@pytest.mark.parametrize("source", ["src", "."])
@pytest.mark.parametrize(
    "trace",
    [
        "src/__pycache__/a.cpython-311.pyc",
        "src/a.pyc",
        ".pytest_cache/v/x",
        ".coverage-roadmap/runs/x/summary.json",
        ".mypy_cache/x",
        ".hypothesis/x",
        ".venv/lib/x.py",
    ],
)
def test_what_a_run_itself_leaves_changes_nothing(
    repo: Any, make_roadmap: Callable[..., Roadmap], in_git: bool, source: str, trace: str
) -> None:
    repo.commit(PROJECT)
    roadmap = make_roadmap(source=[source], tests=["tests"])
    found = repo.found() if in_git else None
    first = measured_tree.look(roadmap, repo.top.resolve(), found)
    repo.write({trace: "x"})
    assert measured_tree.look(roadmap, repo.top.resolve(), found) == first


@pytest.mark.parametrize(
    ("name", "before", "after", "parts"),
    [
        ("pyproject.toml", 'name = "x"', 'name = "x"\ndependencies = ["rich"]', ["requirements"]),
        ("pyproject.toml", "55", "60", NOTHING),
        ("setup.cfg", "name = x", "name = x\n[options]\ninstall_requires = rich", ["requirements"]),
        ("setup.cfg", "55", "60", NOTHING),
        ("README.md", "words", "others", NOTHING),
    ],
)
def test_where_the_project_is_installed_its_metadata_are_requirements_and_a_bump_is_not(
    repo: Any, make_roadmap: Callable[..., Roadmap], name: str, before: str, after: str, parts: list[str]
) -> None:
    repo.commit(PROJECT)
    roadmap = make_roadmap(install=["-e", "."])
    first = measured_tree.look(roadmap, repo.top, repo.found())
    edit(repo.top / name, before, after)
    second = measured_tree.look(roadmap, repo.top, repo.found())
    assert second.now.differs_in(first.now) == parts


@pytest.mark.parametrize(
    ("keys", "parts"),
    [
        ({"threshold": 60, "headroom": 1, "timeout": 30, "workers": 2}, NOTHING),
        ({"env": {"TZ": "UTC"}}, ["settings"]),
        ({"pytest-args": ["--strict-markers"]}, ["settings"]),
        ({"source": ["src", "lib"]}, ["settings"]),
    ],
)
def test_keys_of_the_roadmap_count_where_they_change_what_a_run_measures(
    repo: Any, make_roadmap: Callable[..., Roadmap], keys: dict[str, Any], parts: list[str]
) -> None:
    repo.commit(PROJECT)
    plain = measured_tree.look(make_roadmap(), repo.top, repo.found())
    other = measured_tree.look(make_roadmap(**keys), repo.top, repo.found())
    assert other.now.differs_in(plain.now) == parts


@pytest.mark.parametrize("in_git", [True, False])
def test_a_settings_file_that_cannot_be_parsed_counts_whole(repo: Any, roadmap: Roadmap, in_git: bool) -> None:
    repo.commit({**PROJECT, "pytest.ini": "no section\n", "pyproject.toml": "= no\n"})
    found = repo.found() if in_git else None
    first = measured_tree.look(roadmap, repo.top, found)
    edit(repo.top / "pytest.ini", "no section", "none either")
    assert measured_tree.look(roadmap, repo.top, found).now.differs_in(first.now) == ["settings"]


def test_a_link_to_nowhere_and_a_folder_that_is_not_there_are_no_matter(repo: Any, roadmap: Roadmap) -> None:
    repo.commit({"src/a.py": "x"})
    (repo.top / "src/link.py").symlink_to("nowhere")
    seen = measured_tree.look(roadmap, repo.top, repo.found())
    assert seen.now == seen.head
    assert measured_tree.look(roadmap, repo.top, None).now.source != ""


def test_outside_of_git_a_pipe_is_not_waited_for(tmp_path: Path, roadmap: Roadmap) -> None:
    (tmp_path / "src").mkdir()
    os.mkfifo(tmp_path / "src" / "data.pipe")
    assert measured_tree.look(roadmap, tmp_path, None).now.source != ""


def test_included_requirements_may_lie_above_the_project_and_include_each_other(
    repo: Any, make_roadmap: Callable[..., Roadmap]
) -> None:
    repo.commit({"apps/x/dev.txt": "-r ../../all.txt\n", "all.txt": "-c apps/x/dev.txt\nrich\n", "apps/x/src/a.py": ""})
    roadmap = make_roadmap(requirements=["dev.txt"])
    first = measured_tree.look(roadmap, (repo.top / "apps/x").resolve(), repo.found("apps/x"))
    edit(repo.top / "all.txt", "rich", "rich>=13")
    second = measured_tree.look(roadmap, (repo.top / "apps/x").resolve(), repo.found("apps/x"))
    assert second.now.differs_in(first.now) == ["requirements"]
    assert second.head == first.head == first.now
