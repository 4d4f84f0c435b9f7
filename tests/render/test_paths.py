import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coverage_roadmap.render.paths import fit, wrap


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
