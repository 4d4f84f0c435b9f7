"""How pages are laid out on a terminal, whatever stands in them."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_roadmap.core.text import plain
from coverage_roadmap.render.page import Facts, Grid, Items, Page, Section, Source, Tone, Word

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def lines(draw, *blocks, heading="", width=80):
    """What stands below the title."""
    return draw(Page("T", [Section(heading, blocks)]), width).split("\n")[1:-1]


def test_the_first_section_without_a_heading_follows_the_title_and_others_stand_apart(draw):
    facts = Facts([("a", "b")])
    page = Page("T", [Section("", [facts]), Section("head", [facts]), Section("", [facts])])
    assert draw(page) == "T\na  b\n\nhead\n  a  b\n\na  b\n"
    assert draw(Page("T", [Section("head", [facts])])) == "T\n\nhead\n  a  b\n"
    assert draw(Page("T")) == "T\n"


def test_a_sections_labels_make_one_column_and_words_wrap_beside_it(draw):
    facts = Facts([("state", "running"), (Word("日本", Tone.STRONG), "wide"), ("none", "")])
    items = Items([(Word("not met", Tone.BAD), "one two three four five six")])
    assert lines(draw, facts, items, heading="h", width=29) == [
        *(
            "",
            "h",
            "  state    running",
            "  日本     wide",
            "  none",
            "  not met  one two three four",
            "           five six",
        )
    ]


def test_titles_wrap_too(draw):
    assert draw(Page("one two", [Section("three  four", [])]), 5) == "one\ntwo\n\nthree\nfour\n"


def test_numbers_stand_at_the_right_and_words_at_the_left(draw):
    grid = Grid(["file", ">now", "kind", ">n"], [["a", "1.00", "new", "1"], ["long", "100.00", "x", "20"]])
    assert lines(draw, grid) == ["file    now  kind  n", "a      1.00  new   1", "long 100.00  x    20"]


def test_a_path_gives_way_by_whole_names_and_a_name_that_does_not_fit_has_its_own_line(draw):
    long = "a_very_long_name_of_a_module.py"
    grid = Grid(["file", ">now"], [["src/one/two/three/a.py", "1.00"], [f"src/{long}", "2.00"], ["  src/b.py", "3.00"]])
    assert lines(draw, grid, width=20) == [
        "file            now",
        ".../three/a.py 1.00",
        f".../{long}",
        "               2.00",
        "  src/b.py     3.00",
    ]


def test_a_row_with_nothing_beside_its_name_is_whole_whatever_its_width(draw):
    grid = Grid(["file", ">now"], [["src/one/two/three/four", ""], ["  a.py", "1.00"]])
    assert lines(draw, grid, width=15) == ["file    now", "src/one/two/three/four", "  a.py 1.00"]


def test_the_last_column_of_words_wraps_and_paths_leave_it_room(draw):
    words = "1-2, " * 12
    shown = lines(draw, Grid(["module", ">now", "missing lines"], [["src/one/two/module.py", "1.00", words]]), width=50)
    assert shown[0].endswith("now  missing lines")
    assert all(len(line) <= 50 for line in shown)
    assert " ".join(line.split("1.00")[-1].strip() for line in shown[1:]) == words.strip()


def test_a_table_of_one_column_or_without_rows_is_shown(draw):
    assert lines(draw, Grid(["only"], [["src/a.py"], ["b"]])) == ["only", "src/a.py", "b"]
    assert lines(draw, Grid(["file", ">now"], [])) == ["file now"]


def test_what_is_shown_as_it_is_never_wraps_and_cannot_steer(draw):
    text = f"+{'long ' * 30}x\n-\x1b[2J\u202e\n \tkept [red]b[/red] :smile:\r\n"
    shown = lines(draw, Source(text, "diff"), heading="h", width=40)
    assert shown == ["", "h", text.split("\n")[0], r"-\x1b[2J\u202e", "        kept [red]b[/red] :smile:"]


HOSTILE = st.text(st.sampled_from("ab/|`<@ \n\t\x1b\x9b\u202e\u2028日[]:\\"), max_size=30)
WORDS = HOSTILE | st.builds(Word, HOSTILE, st.sampled_from(Tone))
BLOCKS = st.one_of(
    st.lists(st.tuples(WORDS, WORDS), max_size=3).map(Facts),
    st.lists(st.tuples(st.builds(Word, HOSTILE), HOSTILE), max_size=3).map(Items),
    st.builds(Grid, st.just(["a", ">b", "c"]), st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=3)),
    st.builds(Grid, st.just(["a", ">b"]), st.lists(st.tuples(WORDS, WORDS), max_size=3)),
    st.builds(Source, HOSTILE),
)
PAGES = st.builds(Page, HOSTILE, st.lists(st.builds(Section, HOSTILE, st.lists(BLOCKS, max_size=3)), max_size=3))


def texts(page):
    for section in page.sections:
        yield section.heading
        for block in section.blocks:
            if not isinstance(block, Source):
                yield from (cell if isinstance(cell, str) else cell.text for row in block.rows for cell in row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(PAGES, st.sampled_from([10, 40, 80]))
def test_no_page_steers_the_terminal_loses_a_name_or_differs_by_its_colours(draw, page, width):
    shown = draw(page, width)
    assert not set(shown) & set("\x1b\x9b\u202e\u2028\t\r")
    assert ESCAPE.sub("", draw(page, width, True)) == shown
    squeezed = re.sub(r"\s", "", shown).replace(r"\x3a:", "::")  # as a runner's command at a line's beginning is shown
    for text in texts(page):
        assert re.sub(r"\s", "", plain(text).split("/")[-1].split(" ")[-1]) in squeezed
    if not any(isinstance(block, Source) for section in page.sections for block in section.blocks):
        assert all(line == line.rstrip() for line in shown.split("\n"))


@pytest.mark.parametrize("tone", list(Tone))
def test_a_tone_is_colour_beside_the_same_letters(draw, tone):
    coloured = draw(Page("T", [Section("", [Facts([("a", Word("word", tone))])])]), 80, True)
    assert ESCAPE.sub("", coloured).endswith("a  word\n")
    assert ("\x1b[" in coloured.split("\n")[1]) == (tone is not Tone.NONE)
