"""Which files are a story's, and what they say of a branch."""

from coverage_roadmap.core.board.work import paths_of, touched
from coverage_roadmap.core.roadmap import Story, build


def story(name, modules, tests):
    return build(Story, {"id": name, "modules": modules, "tests": tests})


def test_a_story_is_touched_by_its_modules_and_tests_and_what_lies_below_them():
    one = story("one", ["src/a.py", "src/pack"], ["tests/test_a.py::test_x", "tests/one"])
    files = ["src/a.py", "src/a.pyi", "src/pack/b.py", "src/packs.py", "tests/test_a.py", "tests/one/x/y.py", "z"]
    assert touched(one, files) == ["src/a.py", "src/pack/b.py", "tests/test_a.py", "tests/one/x/y.py"]


def test_the_paths_of_stories_are_told_once_each():
    both = [story("one", ["a.py"], ["t.py::x", "t.py::y"]), story("two", ["a.py", "b.py"], ["u"])]
    assert paths_of(both) == ["a.py", "t.py", "b.py", "u"]
    assert paths_of([]) == []
