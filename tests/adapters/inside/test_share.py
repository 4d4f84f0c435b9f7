"""A shard leaves out what is not its own, last of all, and tells what all shards together run."""

import pytest

TESTS = """
import pytest


@pytest.mark.parametrize("n", range(4))
def test_alone(n):
    pass


@pytest.mark.xdist_group("server")
def test_first():
    pass


def test_slow():
    pass


@pytest.mark.xdist_group(name="server")
def test_second():
    pass
"""
CONFTEST = "def pytest_collection_modifyitems(items):\n    items.reverse()\n"
GROUP = {"tests/test_a.py::test_first", "tests/test_a.py::test_second"}


@pytest.mark.parametrize("workers", [1, 2])
def test_each_test_is_run_by_one_shard_and_a_group_by_the_same(make_project, workers):
    project = make_project({"tests/test_a.py": TESTS, "tests/conftest.py": CONFTEST})
    durations = {"tests/test_a.py::test_slow": 9.0}
    told = {"durations": durations, "workers": workers}
    first, second = (project.run(shard=[number, 2], **told) for number in (1, 2))
    own, others = set(first.journal.collected), set(second.journal.collected)
    assert own | others == set(first.journal.sharded) == set(second.journal.sharded)
    assert not own & others
    assert own >= GROUP or others >= GROUP
    assert (first.outcomes.passed, second.outcomes.passed) == (len(own), len(others))


def test_what_other_shards_run_does_not_count_as_deselected(make_project):
    project = make_project({"tests/test_a.py": TESTS})
    ran = project.run("-k", "not slow", shard=[1, 3])
    assert list(ran.journal.deselected) == ["tests/test_a.py::test_slow"]
    assert "tests/test_a.py::test_slow" not in ran.journal.sharded
    assert len(ran.journal.sharded) == 6
    assert ran.journal.options.exclude


def test_a_shard_without_a_test_ends_as_one_that_lacks_nothing(make_project):
    project = make_project({"tests/test_a.py": "def test_only():\n    pass\n"})
    ran = project.run(shard=[2, 2])
    assert (ran.kind, ran.ended["status"], list(ran.journal.collected)) == ("full", 5, [])
