import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core import selection
from coverage_roadmap.core.selection import Selection, is_within, outside


def test_a_phase_runs_the_tests_less_both_excludes(roadmap):
    chosen = selection.of_phase(roadmap, roadmap.phases[1])
    assert chosen == Selection(("tests",), ("tests/slow", "tests/test_c.py::test_x"))
    assert chosen.arguments() == ["--ignore=tests/slow", "--deselect=tests/test_c.py::test_x", "tests"]


def test_phase_zero_runs_the_tests_of_no_story(roadmap):
    assert selection.of_phase_zero(roadmap) == Selection(("tests",), ("tests/slow", "tests/test_a.py", "tests/two"))


def test_a_story_runs_its_own_tests(roadmap):
    _, story = roadmap.stories()[1]
    assert selection.of_story(roadmap, story) == Selection(("tests/two",), ("tests/slow",))


def test_a_named_test_inside_an_excluded_path_is_left_out():
    chosen = Selection(("tests/unit", "tests/slow/test_a.py", "tests/x.py::t"), ("tests/slow", "tests/x.py", "a::b"))
    assert chosen.remaining == ["tests/unit"]


@pytest.mark.parametrize(
    ("path", "folder", "within"),
    [
        ("tests/a.py", "tests", True),
        ("tests/a.py::T::t", "tests/a.py", True),
        ("tests/a.py", ".", True),
        ("./tests/a.py", "tests", True),
        ("tests2/a.py", "tests", False),
        ("tests", "tests/a.py", False),
    ],
)
def test_a_path_lies_in_a_folder_by_whole_names(path, folder, within):
    assert is_within(path, folder) is within


def test_excludes_that_can_exclude_nothing_are_named():
    chosen = Selection(("tests/unit",), ("tests/unit/a.py", "tests", "docs", "tests/unit2/a.py::t"))
    assert outside(chosen) == ["docs", "tests/unit2/a.py::t"]


@given(st.lists(st.text(max_size=5)), st.lists(st.text(max_size=5)), st.randoms())
def test_the_hash_is_the_same_in_any_order(tests, exclude, random):
    one = Selection(tuple(tests), tuple(exclude)).hash
    random.shuffle(tests)
    random.shuffle(exclude)
    assert Selection(tuple(tests), tuple(exclude)).hash == one


def test_the_hash_tells_tests_from_excludes():
    assert Selection(("a",), ()).hash != Selection((), ("a",)).hash


def test_of_node_ids_their_files_are_given_to_pytest_and_nothing_runs_beside_them():
    chosen = Selection(("t/a.py::test_x", "t/a.py::TestY", "t/b.py"), ())
    assert chosen.arguments() == ["t/a.py", "t/b.py"]
    assert chosen.only == ["t/a.py::test_x", "t/a.py::TestY", "t/b.py"]
    assert Selection(("t/b.py",), ()).only == []


def test_node_ids_that_name_no_collected_test_are_absent():
    chosen = Selection(("t/a.py::test_x", "t/a.py::TestY", "t/a.py::test", "t/b.py"), ())
    assert chosen.absent(["t/a.py::test_x[1]", "t/a.py::TestY::test_z"]) == ["t/a.py::test"]
    assert chosen.absent([]) == ["t/a.py::test_x", "t/a.py::TestY", "t/a.py::test"]
