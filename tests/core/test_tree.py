import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.tree import conftest_folders, hash_of, metadata, settings_hash

KEYS = {"source": ["src"]}


@given(st.dictionaries(st.text(st.characters()), st.text(st.characters())))
def test_a_hash_is_the_same_in_any_order_and_takes_every_name(entries):
    assert hash_of(dict(reversed(entries.items()))) == hash_of(entries)
    assert hash_of({**entries, "one more": "x"}) != hash_of({**entries, "one more": "y"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q --cov-fail-under={}\n"),
        ("tox.ini", "[pytest]\naddopts = -q --cov-fail-under {}\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = --cov-fail-under={}\n[coverage:report]\nfail_under = {}\n"),
        (".coveragerc", "[report]\nfail_under = {}\nskip_empty\n"),
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = {}\n[tool.pytest.ini_options]\naddopts = ''\n"),
        ("pyproject.toml", "[tool.pytest]\naddopts = ['--cov-fail-under', '{}', '-q']\n"),
        ("pytest.toml", "[pytest]\naddopts = ['--cov-fail-under={}', '-q']\nwhen = 2026-01-01\n"),
    ],
)
def test_a_threshold_does_not_change_the_settings_and_all_else_does(name, text):
    before, bumped = (settings_hash({name: text.replace("{}", value)}, KEYS) for value in ("55", "60.5"))
    assert before == bumped
    for old, new in (("addopts", "addopts2"), ("skip_empty", "skip_covered")):
        if old in text:
            assert settings_hash({name: text.replace("{}", "55").replace(old, new)}, KEYS) != before


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("tox.ini", "[testenv]\nx = 1\n", "[testenv]\nx = 2\n"),
        ("pyproject.toml", "[project]\nname = 'a'\n", "tool = 3\n"),
        ("setup.cfg", "[metadata]\nname = a\n", ""),
    ],
)
def test_what_is_neither_pytest_s_nor_coverage_s_does_not_count(name, one, other):
    assert settings_hash({name: one}, KEYS) == settings_hash({name: other}, KEYS) == settings_hash({}, KEYS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "addopts = -q\n"),
        ("pyproject.toml", "tool = [\n"),
        ("pytest.toml", f"x = {'9' * 5000}\n"),
        ("pytest.toml", f"x = {'[' * 2000}\n"),
    ],
)
def test_a_file_that_cannot_be_read_counts_whole(name, text):
    assert settings_hash({name: text}, KEYS) != settings_hash({name: f"{text}#"}, KEYS)


def test_the_roadmap_s_own_keys_count():
    assert settings_hash({}, KEYS) != settings_hash({}, {"source": ["lib"]})


def test_conftest_files_lie_in_all_folders_above_the_tests():
    assert conftest_folders(["tests/unit/a/test_x.py::T::t", "tests/b"]) == [".", "tests", "tests/unit", "tests/unit/a"]
    assert conftest_folders([]) == ["."]


@pytest.mark.parametrize(
    ("name", "before", "after", "same"),
    [
        ("pyproject.toml", "[tool.coverage-roadmap]\nx=1\n[tool.pytest]\ny=1", "[tool.coverage]\nx=2", True),
        ("pyproject.toml", "[project]\ndependencies=[]", "[project]\ndependencies=['x']", False),
        ("pyproject.toml", "[tool.hatch]\nx=1", "[tool.hatch]\nx=2", False),
        ("pyproject.toml", "tool=1", "tool=2", False),
        ("pyproject.toml", "x=[", "x=[[", False),
        ("setup.cfg", "[metadata]\nname=a\n[tool:pytest]\nx=1\n[coverage:run]\nx=1", "[metadata]\nname=a", True),
        ("setup.cfg", "[options]\ninstall_requires=a", "[options]\ninstall_requires=b", False),
        ("setup.cfg", "x", "y", False),
        ("tox.ini", "[a]", "[b]", True),
    ],
)
def test_metadata_is_what_an_installation_reads(name, before, after, same):
    assert (metadata({name: before}) == metadata({name: after})) is same
