"""Findings as GitHub's workflow commands: nothing in them can end the command or start another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.check import Check
from coverage_roadmap.core.finding import Finding, Judged, Severity, State
from coverage_roadmap.render.annotations import view


def check(*, rule="TEST002", severity=Severity.ERROR, require=False, **keys):
    usual = {"file": "src/a.py", "line": 7, "text": "it fell", "mend": "mend it"}
    return Check([Judged(rule, severity, Finding(**{**usual, **keys}))], require)


def decoded(text):
    """As GitHub's runner reads values."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


@pytest.mark.parametrize(
    ("keys", "level"),
    [
        ({}, "error"),
        ({"severity": Severity.WARNING}, "warning"),
        ({"state": State.UNKNOWN}, "notice"),
        ({"state": State.WAIVED}, "notice"),
        ({"rule": "EVIDENCE001", "state": State.UNKNOWN, "require": True}, "error"),
    ],
)
def test_the_level_is_an_error_where_it_fails(keys, level):
    rule = keys.get("rule", "TEST002")
    assert view(check(**keys)) == f"::{level} file=src/a.py,line=7,title={rule}::it fell (mend: mend it)\n"


@pytest.mark.parametrize(
    ("keys", "prefix", "place"),
    [
        ({"line": 0}, "", "file=src/a.py,title="),
        ({"file": "", "line": 0}, "apps/", "title="),
        ({}, "apps/one/", "file=apps/one/src/a.py,line=7,"),
        ({"file": "../../ci.yml"}, "apps/one/", "file=ci.yml,line=7,"),
        ({"file": "a,b:c%.py"}, "", "file=a%2Cb%3Ac%25.py,line=7,"),
        ({"file": "::error::a.py"}, "", "file=%3A%3Aerror%3A%3Aa.py,line=7,"),
        ({"file": "a\nb.py"}, "", "file=a%0Ab.py,line=7,"),
    ],
)
def test_the_place_is_told_from_the_git_root(keys, prefix, place):
    assert view(check(**keys), prefix).startswith(f"::error {place}")


def test_each_finding_has_a_line_and_no_finding_none():
    one = check()
    assert view(Check([*one.judged, *one.judged])).count("\n") == 2
    assert view(Check(())) == ""


@given(st.text(), st.text(min_size=1))
def test_any_text_stays_in_its_command_and_is_read_whole(text, file):
    shown = view(check(text=text, file=file))
    assert shown.count("\n") == 1
    assert re.fullmatch(r"::error file=[^,:]*,line=7,title=TEST002::[^\r\n]*\n", shown)
    shown.encode()
    if text.isprintable():
        assert f"::{text} (mend: mend it)\n" == decoded(shown[shown.index("TEST002::") + 7 :])
