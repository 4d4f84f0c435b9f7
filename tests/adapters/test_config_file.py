"""The one config is found, read, and all its problems are told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import config_file
from coverage_roadmap.errors import ConfigError

PHASES = '[[tool.coverage-roadmap.phases]]\nname = "phase1"\nfail-under = 60.10\n'
CONFIG = f"[tool.coverage-roadmap]\n{PHASES}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("src", "tests", "deep/er", "größe dir/src", "größe dir/tests"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    (tmp_path / "größe dir/pyproject.toml").write_text(CONFIG.replace("phase1", "other"))
    (tmp_path / "deep/pyproject.toml").write_text('[project]\nname = "x"\n')
    return tmp_path


def name_of(located: config_file.Located) -> str:
    return located.roadmap.phases[0].name


@pytest.mark.parametrize(
    ("folder", "named", "expected"),
    [
        (".", None, "phase1"),
        ("src", None, "phase1"),
        ("deep/er", None, "phase1"),
        ("größe dir/src", None, "other"),
        (".", "", "phase1"),
        (".", "größe dir/pyproject.toml", "other"),
        (".", "größe dir", "other"),
        ("deep/er", "../../größe dir/pyproject.toml", "other"),
        ("größe dir", "../pyproject.toml", "phase1"),
    ],
)
def test_the_variable_names_it_from_the_callers_folder_else_the_nearest_table_upwards(
    root: Path, folder: str, named: str | None, expected: str
) -> None:
    environ = {} if named is None else {"COVERAGE_ROADMAP_CONFIG": named}
    located = config_file.load(environ, root / folder)
    assert name_of(located) == expected
    assert located.project == located.file.parent


def test_a_whole_path_in_the_variable_is_taken_as_it_is(root: Path) -> None:
    environ = {"COVERAGE_ROADMAP_CONFIG": str(root / "größe dir/pyproject.toml")}
    assert name_of(config_file.load(environ, Path("/"))) == "other"


def test_the_project_is_relative_to_the_file_and_numbers_are_exact(root: Path) -> None:
    (root / "deep/er/ci.toml").write_text(
        CONFIG.replace("[tool.coverage-roadmap]\n", '[tool.coverage-roadmap]\nproject = "../.."\n')
    )
    located = config_file.load({"COVERAGE_ROADMAP_CONFIG": "er/ci.toml"}, root / "deep")
    assert located.project == root.resolve()
    assert str(located.roadmap.phases[0].fail_under) == "60.10"


def test_a_nearer_file_that_only_speaks_of_us_is_passed_over(root: Path) -> None:
    (root / "deep/pyproject.toml").write_text('[project]\ndependencies = ["coverage-roadmap"]\n[tool.other]\nx = 1\n')
    assert name_of(config_file.load({}, root / "deep/er")) == "phase1"


def test_no_config_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"no pyproject\.toml with \[tool\.coverage-roadmap\] here or above"
    ) as caught:
        config_file.load({}, tmp_path)
    assert "next: add the table, or set COVERAGE_ROADMAP_CONFIG" in str(caught.value)
    assert caught.value.code == 2


def test_a_variable_that_names_no_file_is_told_and_nothing_else_is_taken(root: Path) -> None:
    with pytest.raises(ConfigError, match=r"COVERAGE_ROADMAP_CONFIG=gone\.toml: no such file"):
        config_file.load({"COVERAGE_ROADMAP_CONFIG": "gone.toml"}, root)


@pytest.mark.parametrize("text", ["", '[project]\nname = "x"\n', "[tool]\ncoverage-roadmap = 3\n", "tool = 3\n"])
def test_a_named_file_without_the_table_is_told(root: Path, text: str) -> None:
    (root / "named.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"named\.toml: has no table \[tool\.coverage-roadmap\]"):
        config_file.load({"COVERAGE_ROADMAP_CONFIG": "named.toml"}, root)


@pytest.mark.parametrize(
    "data",
    [b"[tool.coverage-roadmap\n", b"[tool.coverage-roadmap]\nx = \xff\n", b"[tool.coverage-roadmap]\nx = 1\nx = 2\n"],
)
def test_bad_toml_names_the_file_and_the_place(root: Path, data: bytes) -> None:
    (root / "pyproject.toml").write_bytes(data)
    with pytest.raises(ConfigError, match=r"pyproject\.toml: is not valid TOML: .*(line|position)") as caught:
        config_file.load({}, root)
    assert caught.value.code == 2


def test_deeply_nested_toml_is_told_too(root: Path) -> None:
    (root / "pyproject.toml").write_text(f"[tool.coverage-roadmap]\nx = {'[' * 100_000}\n")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        config_file.load({}, root)


def test_a_file_too_large_for_settings_is_refused(root: Path) -> None:
    (root / "big.toml").write_bytes(b"#" * (8 * 2**20 + 1))
    with pytest.raises(ConfigError, match="is larger than 8 MiB"):
        config_file.load({"COVERAGE_ROADMAP_CONFIG": "big.toml"}, root)


def test_all_missing_paths_are_told_at_once_with_the_other_problems(root: Path) -> None:
    keys = (
        'source = ["src", "gone/src"]\ntests = ["gone/tests"]\nrequirements = ["gone.txt"]\n'
        'treshold = 55\nworkers = "many"\n'
    )
    (root / "pyproject.toml").write_text(
        CONFIG.replace("[tool.coverage-roadmap]\n", f"[tool.coverage-roadmap]\n{keys}")
    )
    with pytest.raises(ConfigError) as caught:
        config_file.load({}, root)
    told = str(caught.value)
    lines = told.splitlines()
    assert caught.value.code == 2
    assert lines[0] == f"{root.resolve() / 'pyproject.toml'}: 5 problems in [tool.coverage-roadmap]:"
    assert len(lines) == 6
    for words in ("source = 'gone/src': no such path in", "tests = 'gone/tests'", "requirements = 'gone.txt'"):
        assert words in told
    assert "did you mean threshold?" in told
    assert "workers = 'many'" in told


def test_a_missing_project_is_told_alone_since_no_path_in_it_can_be(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        CONFIG.replace("[tool.coverage-roadmap]\n", '[tool.coverage-roadmap]\nproject = "gone"\n')
    )
    with pytest.raises(ConfigError, match=r"1 problem in .*\n  project = 'gone': no such folder: .*gone"):
        config_file.load({}, root)


def test_a_storys_missing_module_and_tests_are_no_problem_of_the_config(root: Path) -> None:
    story = '[[tool.coverage-roadmap.phases.stories]]\nid = "x"\nmodules = ["src/gone.py"]\ntests = ["tests/gone.py"]\n'
    (root / "pyproject.toml").write_text(CONFIG + story)
    assert config_file.load({}, root).roadmap.phases[0].stories[0].id == "x"


def test_a_text_that_is_to_be_written_is_refused_with_all_its_problems(root: Path) -> None:
    file = root / "pyproject.toml"
    config_file.refuse_problems(CONFIG, file)
    config_file.refuse_problems("[project]\n", file)
    with pytest.raises(ConfigError) as caught:
        config_file.refuse_problems(CONFIG.replace("phase1", "Phase 1").replace("60.10", "160"), file)
    assert "2 problems in [tool.coverage-roadmap]" in str(caught.value)
    with pytest.raises(ConfigError, match="is not valid TOML"):
        config_file.refuse_problems("[", file)
    assert file.read_text() == CONFIG


@pytest.mark.parametrize(
    ("text", "project"),
    [
        (CONFIG, "."),
        (CONFIG.replace("]\n", ']\nproject = "src"\n', 1), "src"),
        (CONFIG.replace("]\n", ']\nproject = "../x"\n', 1), "../x"),
        (CONFIG.replace("]\n", "]\nproject = 3\n", 1), None),
        ("[project]\n", None),
        ("tool = 3\n", None),
        ("[", None),
    ],
)
def test_the_project_that_a_config_names_is_told_though_it_has_problems(
    root: Path, text: str, project: str | None
) -> None:
    (root / "pyproject.toml").write_text(text)
    wanted = None if project is None else (root / project).resolve()
    assert config_file.project_of(root / "pyproject.toml") == wanted
    assert config_file.project_of(root / "gone.toml") is None


def test_a_config_is_read_as_it_was_committed(repo: Any) -> None:
    first = repo.commit({"pyproject.toml": "[project]\n"})
    second = repo.commit({"apps/one/pyproject.toml": CONFIG, "apps/one/src/a.py": ""})
    third = repo.commit({"apps/one/pyproject.toml": CONFIG.replace("phase1", "phase7")})
    fourth = repo.commit({"apps/one/pyproject.toml": CONFIG.replace("60.10", "160")})
    file, inside = repo.top.resolve() / "apps/one/pyproject.toml", repo.found("apps/one/src")
    names = [config_file.at(inside, commit, file) for commit in (first, second, third)]
    assert [one and one.phases[0].name for one in names] == [None, "phase1", "phase7"]
    with pytest.raises(ConfigError, match=r"had problems: phases\.phase1\.fail-under = 160: give at most 100"):
        config_file.at(inside, fourth, file)
    assert config_file.at(inside, first, repo.top.resolve() / "pyproject.toml") is None
    assert config_file.at(inside, second, Path("/elsewhere/pyproject.toml")) is None
