import re

import pytest

from coverage_roadmap.core.pragma import patterns, places

DEFAULT = r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a = 1\n", ()),
        ("", ()),
        ("if x:  # pragma: no cover\n    y = 1\nz = 1  #pragma:no cover\n", (1, 3)),
        ("# PRAGMA NO COVER\n", (1,)),
        ("a = 1  # note  # pragma: no cover", (1,)),
        ('a = "# pragma: no cover"\n', ()),
        ('"""Text.\n\n# pragma: no cover\n"""\nb = 1  # pragma: no cover\n', (5,)),
        ("a = 1  # pragma: no branch\n", ()),
        ("def f(:  # pragma: no cover\n", (1,)),
        ("x = (  # pragma: no cover\n", (1,)),
        ("if x:\n        a\n    b  # pragma: no cover\n", (3,)),
        ("a = 1  # pragma: no cover\r\nb = 2\r\n", (1,)),
        ("a = 1\n\x0c\nb = 2  # pragma: no cover\n", (3,)),
        ("s = '\x85'\nb = 2  # pragma: no cover\n", (2,)),
    ],
)
def test_pragmas_are_comments_and_no_other_text(source, lines):
    assert places(source, patterns([DEFAULT])) == lines


def test_patterns_for_comments_are_those_that_name_a_pragma_or_begin_with_a_hash():
    found = patterns(
        [DEFAULT, "pragma: skip", r"^\s*# nocov", "if TYPE_CHECKING:", r"\.\.\.\s*(#|$)", "# broken (", "Pragma: x"]
    )
    assert [one.pattern for one in found] == [DEFAULT, "pragma: skip", r"^\s*# nocov", "Pragma: x"]


def test_a_teams_own_comment_is_found_and_the_default_is_not_where_it_was_replaced():
    source = "a = 1  # nocov\nb = 2  # pragma: no cover\n"
    assert places(source, [re.compile("# nocov")]) == (1,)
    assert places(source, []) == ()
