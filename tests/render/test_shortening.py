import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.render.shortening import LONGEST, shorten


@given(st.lists(st.text("ab\u00e9", min_size=1, max_size=120), min_size=1, max_size=60))
def test_a_word_longer_than_a_screen_is_shortened_in_its_middle_and_it_is_said(names):
    path = "/".join(names)
    shown = shorten(f"see {path} there")
    assert shown.startswith("see ")
    assert shown.endswith(" there")
    word = shown.removeprefix("see ").removesuffix(" there")
    if len(path) <= LONGEST:
        assert word == path
        return
    assert len(word) <= LONGEST + 40
    kept = word.split("/")
    (told,) = (name for name in kept if name.startswith("...["))
    assert int(told.removeprefix("...[").removesuffix(" names]...")) == len(names) - len(kept) + 1
    at = kept.index(told)
    assert kept[:at] == names[:at]
    assert kept[at + 1 :] == names[len(names) - len(kept) + at + 1 :]
    assert names[0] == kept[0]
    assert names[-1] == kept[-1]


@pytest.mark.parametrize("word", ["x" * 5000, "t.py::test[" + "x" * 4989, "a/" + "x" * 4998, "x" * 4998 + "/a"])
def test_a_name_that_no_file_system_has_is_shortened_too(word):
    assert shorten(word) == f"{word[:150]}...[4700 signs]...{word[-150:]}"


@pytest.mark.parametrize(
    ("names", "first", "last"),
    [
        (["a" * 99] * 4, 2, 1),
        (["a" * 60] * 9, 2, 2),
        (["a", *["b" * 40] * 20, "c.py"], 5, 4),
        (["a" * 100, "b" * 99, "c" * 100], 1, 1),
        (["a" * 200, "b" * 200, "c.py"], 1, 1),
        (["a" * 149, "b" * 149, "c" * 149], 1, 1),
    ],
)
def test_names_stay_at_both_ends_by_turns_as_far_as_they_fit(names, first, last):
    told = f"...[{len(names) - first - last} names]..."
    assert shorten("/".join(names)) == "/".join([*names[:first], told, *names[len(names) - last :]])
