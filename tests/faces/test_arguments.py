"""A face made from a signature: every usage error has its words, and pytest's arguments stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

import pytest

from coverage_roadmap.commands.run import run
from coverage_roadmap.errors import UsageError
from coverage_roadmap.faces.arguments import columns, face_of, parse
from coverage_roadmap.faces.console import COMMANDS, face


def show(
    context: object,
    phase: Annotated[str, "a phase of the roadmap"],
    *,
    python: Annotated[str, "the interpreter"] = "",
    dry_run: Annotated[bool, "only say it"] = False,
    form: Annotated[Literal["table", "json"], "how it is shown"] = "table",
) -> None:
    """Show a phase.

    Longer words.

    Example: coverage-roadmap show phase3 --dry-run
    """


SHOW, RUN = face_of("show", show), face_of("run", run)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["phase3"], {"phase": "phase3"}),
        (["phase3", "--dry-run"], {"phase": "phase3", "dry_run": True}),
        (["--dry-run", "phase3"], {"phase": "phase3", "dry_run": True}),
        (["--form", "json", "phase3"], {"phase": "phase3", "form": "json"}),
        (["phase3", "--form=json", "--python=/a b/=c"], {"phase": "phase3", "form": "json", "python": "/a b/=c"}),
        (["phase3", "--python", "größe 試"], {"phase": "phase3", "python": "größe 試"}),
        (["phase3", "--"], {"phase": "phase3"}),
    ],
)
def test_words_and_options_in_any_order(words: list[str], expected: dict[str, Any]) -> None:
    assert parse(SHOW, words) == expected


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "show: needs a phase of the roadmap\n  next: for example coverage-roadmap show phase3 --dry-run"),
        (["--dry-run"], "show: needs a phase of the roadmap\n"),
        (["phase3", "--pyton", "x"], "--pyton: no such option: did you mean --python?"),
        (["phase3", "--pyton=x"], "--pyton=x: no such option: did you mean --python?"),
        (["phase3", "--dry"], "--dry: no such option: did you mean --dry-run?"),
        (["phase3", "-x"], "-x: no such option: choose one of --python, --dry-run, --form"),
        (["phase3", "phase4"], "phase4: no such option"),
        (["phase3", "--dry-run", "--dry-run"], "--dry-run: is given twice"),
        (["phase3", "--python=a", "--python", "b"], "--python: is given twice"),
        (["phase3", "--python"], "--python: needs a value\n  next: --python PYTHON"),
        (["phase3", "--python="], "--python: needs a value that is not empty"),
        (["phase3", "--python", ""], "--python: needs a value that is not empty"),
        (["phase3", "--dry-run=yes"], "--dry-run: takes no value"),
        (["phase3", "--form", "jsn"], "--form jsn: no such choice: did you mean json?"),
        (["phase3", "--form="], "--form : no such choice: choose one of table, json"),
        (["phase3", "--", "x"], "-- x: takes no further arguments"),
    ],
)
def test_each_usage_error_says_what_where_and_what_to_do(words: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(SHOW, words)
    assert str(caught.value).startswith(told)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["phase3"], []),
        (["phase3", "--"], []),
        (["phase3", "-k", "a and b"], ["-k", "a and b"]),
        (["phase3", "-k", "not 'x y' or \"z\""], ["-k", "not 'x y' or \"z\""]),
        (["phase3", "--", "-k", "a and b"], ["-k", "a and b"]),
        (["phase3", "--", "--story", "x", "--", "y"], ["--story", "x", "--", "y"]),
        (["phase3", "tests/größe b.py::test_x[a b]"], ["tests/größe b.py::test_x[a b]"]),
        (["phase3", "-x", "", "\n"], ["-x", "", "\n"]),
        (["phase3", "--maxfail=1", "--tb", "short"], ["--maxfail=1", "--tb", "short"]),
        (["phase3", "$(rm -rf /)", "*", "\\"], ["$(rm -rf /)", "*", "\\"]),
    ],
)
def test_arguments_for_pytest_are_handed_on_word_for_word(words: list[str], rest: Sequence[str]) -> None:
    assert parse(RUN, words) == {"phase": "phase3", "rest": rest}


def test_our_own_options_are_known_among_pytests_before_a_double_dash() -> None:
    words = ["phase3", "-x", "--story", "quality-monitor", "-k", "a or b", "--gate=none", "--", "--python", "p"]
    assert parse(RUN, words) == {
        "phase": "phase3",
        "story": "quality-monitor",
        "gate": "none",
        "rest": ["-x", "-k", "a or b", "--python", "p"],
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["phase3", "--gate", "low"], "--gate low: no such choice: choose one of phase, threshold, none"),
        (["phase3", "-x", "--story"], "--story: needs a value"),
        (["phase3", "--story=a", "-k", "x", "--story=b"], "--story: is given twice"),
        (["--", "phase3"], "run: needs a phase of the roadmap"),
        (["-x"], "run: needs a phase of the roadmap"),
    ],
)
def test_usage_errors_where_a_rest_is_taken(words: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(RUN, words)
    assert str(caught.value).startswith(told)


def test_the_help_names_every_word_and_option_with_its_default_choice_and_an_example() -> None:
    assert SHOW.usage().splitlines() == [
        "usage: coverage-roadmap show PHASE [OPTIONS]",
        "",
        "Show a phase.",
        "",
        "  PHASE            a phase of the roadmap",
        "  --python PYTHON  the interpreter",
        "  --dry-run        only say it",
        "  --form FORM      how it is shown: table, json (by default table)",
        "",
        "example: coverage-roadmap show phase3 --dry-run",
    ]


def test_two_columns_are_kept_within_80_and_a_name_without_words_stands_alone() -> None:
    told = "so many words that are not to be cut, and one --long-option that stays in one piece at the end"
    assert columns(["--a", "--long"], [told, ""]) == [
        "  --a     so many words that are not to be cut, and one --long-option that stays",
        "          in one piece at the end",
        "  --long",
    ]


def test_the_help_of_a_command_that_takes_a_rest_says_so() -> None:
    assert RUN.usage().splitlines()[0] == "usage: coverage-roadmap run PHASE [OPTIONS] [PYTEST ARGUMENTS]"
    assert all(len(line) <= 80 for line in RUN.usage().splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_does_fits_the_help_of_invoke_which_does_not_wrap_it(name: str) -> None:
    assert len(face(name).summary) <= 78  # set in by two


class Span(NamedTuple):
    first: str
    last_: str


def cut(context: object, *, span: Annotated[Span, "from where to where"] = Span("", "")) -> None:  # noqa: B008
    """Cut.

    Example: coverage-roadmap cut --span 1 2
    """


@pytest.mark.parametrize("words", [["--span", "1", "2"], ["--span=1", "2"]])
def test_an_option_of_several_words_takes_as_many(words: list[str]) -> None:
    assert parse(face_of("cut", cut), words) == {"span": Span("1", "2")}
    assert "--span FIRST LAST " in face_of("cut", cut).usage()


@pytest.mark.parametrize("words", [["--span"], ["--span", "1"], ["--span=1"]])
def test_an_option_of_several_words_is_refused_with_fewer(words: list[str]) -> None:
    with pytest.raises(UsageError, match="needs 2 values") as raised:
        parse(face_of("cut", cut), words)
    assert raised.value.next_step == "--span FIRST LAST"
