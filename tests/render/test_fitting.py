"""A page is shortened where it matters least, never above the limit, and says so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_roadmap.render.fitting import Part, fit
from coverage_roadmap.render.markdown import view
from coverage_roadmap.render.page import Facts, Grid, Items, Section, Source, Word

TOTALS = Part(Section("", [Facts([("total", "70.00 % (7 of 10 lines)"), ("patch coverage", "unknown")])]))
LINES = Part(Section("lines", [Grid(["file", ">line"], [[f"src/{n}.py", "1"] for n in range(40)])]), 3)
NOTES = Part(Section("notes", [Items([(Word("met"), f"criterion {n}") for n in range(20)])]), 2)


def test_a_page_that_fits_stays_as_it_is():
    page = fit("T", [TOTALS, LINES], 10_000, view)
    assert page.sections == [TOTALS.section, LINES.section]


def test_the_least_important_part_is_shortened_and_says_so():
    whole = len(view(fit("T", [TOTALS, LINES, NOTES], 10_000, view)))
    shown = view(fit("T", [TOTALS, LINES, NOTES], whole - 1, view))
    assert "of 40 rows of this section left out, to fit the forge's limit" in shown
    assert "criterion 19" in shown
    assert "src/10.py" in shown
    assert "src/39.py" not in shown
    assert len(shown) <= whole - 1


def test_a_part_goes_whole_before_the_next_is_touched():
    bare = len(view(fit("T", [TOTALS, NOTES], 10_000, view)))
    shown = view(fit("T", [TOTALS, LINES, NOTES], bare + 60, view))
    assert "src/0.py" not in shown
    assert "40 of 40 rows" in shown
    assert "criterion 0" in shown


def test_where_nothing_else_fits_the_sections_go():
    shown = view(fit("T", [TOTALS, LINES, NOTES], 200, view))
    assert "70.00 %" in shown
    assert "2 sections left out" in shown
    assert "notes" not in shown
    assert len(shown) <= 200


def test_facts_are_shortened_like_rows():
    facts = Part(Section("facts", [Facts([(f"label {n}", "x" * 20) for n in range(30)])]), 1)
    shown = view(fit("T", [TOTALS, facts], 600, view))
    assert "label 3" in shown
    assert "label 29" not in shown


def test_shown_text_is_shortened_by_lines():
    text = Part(Section("diff", [Source("\n".join(f"line {n}" for n in range(99)), "diff")]), 9)
    shown = view(fit("T", [TOTALS, text, NOTES], 900, view))
    assert "line 0\n" in shown
    assert "line 98" not in shown
    assert "criterion 19" in shown


PARTS = st.builds(
    lambda rows, wide, rank: Part(Section("s" * 30, [Grid(["a"], [["|" * wide]] * rows)]), rank),
    st.integers(1, 30),
    st.integers(1, 60),
    st.integers(1, 4),
)


@settings(max_examples=40)
@given(st.lists(PARTS, max_size=4), st.integers(400, 4000))
def test_never_above_the_limit_and_always_with_the_totals_and_the_patch(parts, limit):
    page = fit("T", [*parts[:2], TOTALS, *parts[2:]], limit, view)
    assert TOTALS.section in page.sections
    shown = view(page)
    assert len(shown) <= limit
    whole = view(fit("T", [*parts[:2], TOTALS, *parts[2:]], 10**9, view))
    assert shown == whole or "left out, to fit the forge's limit" in shown
