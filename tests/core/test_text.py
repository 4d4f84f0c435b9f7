import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.text import inert, many, named, nearest, plain, without_secrets


def test_the_first_names_are_told_and_how_many_more_there_are():
    assert named([]) == ""
    assert named(["a", "b\n", "c"]) == "a, b\\n, c"
    assert named(["a", "b", "c", "d"]) == "a, b, c and 1 more"
    assert named(["a", "b", "c"], 1) == "a and 2 more"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("src/a.py::test_x: fine # 1", "src/a.py::test_x: fine # 1"),
        ("::error::x", r"\x3a:error::x"),
        ("  \t ::stop-commands::x::y", "  \t " + r"\x3a:stop-commands::x::y"),
        (":one: colon", ":one: colon"),
        ("see ##[add-mask]a and ##vso[task.setvariable]b", r"see \x23#[add-mask]a and \x23#vso[task.setvariable]b"),
        ("::##[x]", r"\x3a:\x23#[x]"),
        ("## a heading [1]", "## a heading [1]"),
    ],
)
def test_no_line_of_foreign_text_is_a_command_to_the_runner_that_reads_it(line, shown):
    assert inert(line) == shown


def test_nouns_follow_their_count():
    assert [many(n, "test") for n in (0, 1, 2)] == ["0 tests", "1 test", "2 tests"]


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("phse3", ["phase2", "phase3"], "no such phase: did you mean phase3?"),
        ("xyz", ["phase2", "phase3"], "no such phase: choose one of phase2, phase3"),
        ("xyz", [f"p{n}" for n in range(13)], "no such phase"),
        ("xyz", [], "no such phase: there is none"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(word, known, advice):
    assert nearest(word, known, "phase") == advice


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tests/test_a.py::test_b[1]", "tests/test_a.py::test_b[1]"),
        ("straße/日本/é🎉 x", "straße/日本/é🎉 x"),
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("a\nb\tc\rd\x00", r"a\nb\tc\rd\x00"),
        ("a\u202eb\u2066c\u200f", r"a\u202eb\u2066c\u200f"),
        ("a\x9bb\u2028c\ud800", r"a\x9bb\u2028c\ud800"),
    ],
)
def test_foreign_text_cannot_steer_a_terminal(text, shown):
    assert plain(text) == shown


@given(st.text(st.characters()))
def test_plain_text_is_one_encodable_line_and_stays_as_it_is(text):
    shown = plain(text)
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fatal: https://kim:s3cret@host/x.git not found", "fatal: https://***@host/x.git not found"),
        ("https://x-access-token:a@b@host and ssh://git@host/x", "https://***@host and ssh://***@host/x"),
        ("https://host/ @team", "https://host/ @team"),
        ("'https://u:pa/S3CRET@h:1/x.git/': no", "'https://***@h:1/x.git/': no"),
        ("https://h/x.git?token=s3cret#a failed", "https://h/x.git failed"),
        ("no such ref", "no such ref"),
    ],
)
def test_secrets_of_urls_are_not_shown(text, shown):
    assert without_secrets(text) == shown
