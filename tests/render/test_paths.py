import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coverage_roadmap.render.paths import LONGEST, fit, shorten, wrap


@pytest.mark.parametrize(
    ("path", "width", "shown"),
    [
        ("src/a.py", 8, "src/a.py"),
        ("src/a.py", 7, ".../a.py"),
        ("src/one/two/a.py", 15, ".../two/a.py"),
        ("src/one/two/a.py", 9, ".../a.py"),
        ("src/one/two/a.py", 5, ".../a.py"),
        ("src/one/two/module.py", 3, ".../module.py"),
        ("module.py", 3, "module.py"),
        ("src/日本/a.py", 13, "src/日本/a.py"),
        ("src/日本/a.py", 12, ".../a.py"),
    ],
)
def test_whole_leading_folders_go(path, width, shown):
    assert fit(path, width) == shown


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("see src/one/two.py now", 11, ["see", "src/one/", "two.py now"]),
        ("tests/test_a.py::test_name x", 16, ["tests/", "test_a.py::", "test_name x"]),
        ("a_name_that_is_long b", 5, ["a_name_that_is_long", "b"]),
        ("日本 日本", 8, ["日本", "日本"]),
    ],
)
def test_lines_break_at_spaces_then_between_names(text, width, lines):
    assert wrap(text, width) == lines


words = st.text(st.sampled_from("ab日/: []"), max_size=60)


@given(words, st.integers(4, 30))
def test_nothing_is_lost_and_only_what_cannot_be_broken_is_too_wide(text, width):
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert line == line.strip()
        if cell_len(line) > width:
            assert " " not in line
            assert "/" not in line.strip("/").replace("//", "")


@given(st.text(st.sampled_from("ab日/."), min_size=1, max_size=60), st.integers(1, 30))
def test_the_name_itself_is_always_whole(path, width):
    shown = fit(path, width)
    assert shown.split("/")[-1] == path.split("/")[-1]
    assert cell_len(shown) <= max(width, cell_len(path.split("/")[-1]) + 4)


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
