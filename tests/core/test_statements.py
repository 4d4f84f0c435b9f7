"""What counts in a source, and what its exclusions hide."""

from __future__ import annotations

import textwrap

import pytest

from coverage_roadmap.core import statements
from coverage_roadmap.core.statements import DEFAULT_EXCLUDE, Lines, Unparsed

NOCOVER = "  # pragma: no cover"


def counted(text: str, exclude: tuple[str, ...] = DEFAULT_EXCLUDE) -> Lines:
    found = statements.count(textwrap.dedent(text), exclude)
    assert isinstance(found, Lines)
    return found


@pytest.mark.parametrize(
    ("text", "count", "hidden"),
    [
        ("", 0, 0),
        ("# only a comment\n", 0, 0),
        ("   ", 0, 0),
        ('"""A docstring."""\n', 0, 0),
        ("a = 1\nb = 2", 2, 0),
        ("a = [\n    1,\n    2,\n]\n", 1, 0),
        ("a = 1; b = 2\n", 1, 0),
        ('def f():\n    """Doc\n    string."""\n    return 1\n', 2, 0),
        ("@d\n@e\ndef f():\n    return 1\n", 4, 0),
        (f"if a:{NOCOVER}\n    b\nelse:\n    c\n", 1, 2),
        (f"if a:\n    b\nelse:{NOCOVER}\n    c\n    d\n", 2, 2),
        (f"@d\ndef f({NOCOVER}\n    a,\n):\n    return a\n", 0, 3),
        (f"@d{NOCOVER}\ndef f():\n    return 1\nb = 1\n", 1, 3),
        (f"class C:{NOCOVER}\n    a = 1\n    def f(self):\n        return 1\nd = 1\n", 1, 4),
        (f"with a:{NOCOVER}\n    for b in c:\n        d\n", 0, 3),
        (f"a = (1,\n     2){NOCOVER}\n", 0, 1),
        (f"for a in b:\n    if a:\n        break{NOCOVER}\n    c\n", 3, 1),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n    import b\nc = 1\n", 2, 3),
        ("def f(): ...\nclass P:\n    def g(self) -> int:\n        ...\n", 1, 3),
        ("def __annotate__(a):\n    return a\n", 1, 0),
        (f"match a:\n    case 1:\n        b\n    case _:\n        c{NOCOVER}\n", 3, 2),
        (f"match a:\n    case 1:\n        b{NOCOVER}\n    case [x] | x:\n        c{NOCOVER}\n", 2, 3),
        (f"match a:\n    case int() as b:\n        c{NOCOVER}\n", 2, 1),
        (f"match a:\n    case b if b:\n        c{NOCOVER}\n", 2, 1),
        (f"match a:\n    case _:\n        b\n        c{NOCOVER}\n", 3, 1),
        (f"a = {{'b': 1}}{NOCOVER}\nc = a[0:1]\n", 1, 1),
    ],
)
def test_statements_are_counted_and_whole_suites_are_excluded(text: str, count: int, hidden: int) -> None:
    found = counted(text)
    assert (found.statements, found.hidden) == (count, hidden)


def test_without_a_pattern_nothing_is_excluded() -> None:
    found = counted(f"if a:{NOCOVER}\n    b\n", ())
    assert (found.statements, found.excluded, found.hidden, found.pragmas) == (2, 0, 0, ())


def test_excluded_lines_count_comments_too() -> None:
    assert counted("# pragma: no cover\n\n# else\na = 1\n").excluded == 1


def test_a_pattern_of_several_lines_excludes_all_that_it_matches() -> None:
    text = "a\n# begin\nb\nc\n# end\nd\n"
    found = counted(text, ("(?s:# begin.*?# end)",))
    assert (found.statements, found.hidden, found.excluded, found.pragmas) == (2, 2, 4, (2,))


def test_each_exclusion_tells_where_it_stands_which_pattern_it_is_and_what_it_hides() -> None:
    text = f"""
    import typing
    if typing.TYPE_CHECKING:
        import a
    def f():{NOCOVER}
        if typing.TYPE_CHECKING:
            b = 1
        return 2
    """
    checking, function, inner = counted(text).exclusions
    assert [(e.line, e.pattern, e.comment, len(e.marks)) for e in (checking, function, inner)] == [
        (3, 2, False, 2),
        (5, 0, True, 4),
        (6, 2, False, 0),
    ]
    assert counted(text).pragmas == (5,)


def test_an_exclusion_stands_on_the_line_of_its_first_sign() -> None:
    assert [e.line for e in counted("class P:\n\n\n    ...\n").exclusions] == [4]


def test_a_statement_keeps_its_mark_when_it_moves_or_gets_a_pragma_and_not_when_it_changes() -> None:
    plain, moved, other = counted("a = 1\n"), counted("if x:\n    a  =  1  # why\n"), counted("a = 2\n")
    hidden = counted(f"a = 1{NOCOVER}\n").exclusions[0]
    assert plain.marks[0] == moved.marks[1] == hidden.marks[0] == hidden.code
    assert plain.marks != other.marks


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = = 2\n", 2, "invalid syntax"),
        ("if a:\nb = 1\n", 2, "expected an indented block after 'if' statement on line 1"),
        ("a = (1,\n", 1, "'(' was never closed"),
        ("return 1\n", 1, "'return' outside function"),
        ("a = 1\0\n", 0, "source code string cannot contain null bytes"),
        ("a = '\udc80'\n", 0, "surrogates not allowed"),
    ],
)
def test_what_does_not_parse_says_where_and_why(text: str, line: int, reason: str) -> None:
    found = statements.count(text, DEFAULT_EXCLUDE)
    assert isinstance(found, Unparsed)
    assert reason in found.reason
    assert found.line in (line, 1)


def test_what_is_nested_too_deeply_is_no_error_of_ours() -> None:
    found = statements.count("a = " + "-" * 100_000 + "1\n", ())
    assert isinstance(found, Unparsed)
    assert found.reason


def test_an_escape_that_python_warns_of_is_counted_all_the_same() -> None:
    assert counted("a = '\\d'\nassert (a, 'always')\n").statements == 2


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a = 1\r\nb\rc", "a = 1\nb\nc\n"),
        (b"\xef\xbb\xbfa = '\xc3\xa4'\n", "a = 'ä'\n"),
        (b"# coding: latin-1\na = '\xe4'\n", "# coding: latin-1\na = 'ä'\n"),
        (b"a\x0cb\n", "a b\n"),
        (b"# a\n# b\nc = '\xff'\n", "# a\n# b\nc = '�'\n"),
    ],
)
def test_a_file_is_decoded_as_it_declares(data: bytes, text: str) -> None:
    assert statements.decode(data) == text


@pytest.mark.parametrize("data", [b"# coding: no-such\n", b"'\xff'\n"])
def test_a_file_that_cannot_be_decoded_says_so(data: bytes) -> None:
    found = statements.count_bytes(data, DEFAULT_EXCLUDE)
    assert isinstance(found, Unparsed)
    assert found.reason


def test_bytes_are_counted_as_their_text() -> None:
    assert statements.count_bytes(b"a = 1\r\n", ()) == statements.count("a = 1\n", ())
