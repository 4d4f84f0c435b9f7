import pytest

from coverage_roadmap.core.pragma import joined, matches, places, usable

DEFAULT = r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a = 1\n", ()),
        ("", ()),
        ("if x:  # pragma: no cover\n    y = 1\nz = 1  #pragma:no cover\n", (1, 3)),
        ("# PRAGMA NO COVER\n", (1,)),
        ("a = 1  # note  # pragma: no cover", (1,)),
        ("b = 1  # pragma: no cover  # pragma: no cover\n", (1,)),
        ("a = 1  # pragma: no branch\n", ()),
        ("def f(:  # pragma: no cover\n", (1,)),
        ("a = 1  # pragma: no cover\r\nb = 2\rc = 3  # pragma: no cover\r", (1, 3)),
        ("s = '\x85'\nb = 2  # pragma: no cover\n", (2,)),
    ],
)
def test_pragmas_are_found_in_the_text_by_their_lines(source, lines):
    assert places(source, [DEFAULT]) == lines


def test_a_teams_own_comment_is_found_and_code_is_no_comment():
    source = "a = 1  # nocov\nb = 2  # pragma: no cover\nraise Later\n"
    assert places(source, ["# nocov", "raise"]) == (1,)
    assert places(source, []) == ()


def test_each_match_tells_its_pattern_its_first_sign_and_the_lines_that_it_touches():
    found = matches("x = 1\n\n  try:\n    a\n", ["nothing", r"^\s*try:\n"])
    assert [(one.line, one.pattern, one.comment, list(one.lines)) for one in found] == [(3, 1, False, [2, 3, 4])]


def test_what_is_no_pattern_alone_or_beside_others_is_not_used():
    assert usable([DEFAULT, "broken ("]) == (DEFAULT,)
    assert usable(["(?P<a>x)", "(?P<a>y)"]) == ()
    assert usable([]) == ()
    assert joined(["a", "b"]) == "(?:a)|(?:b)"
