"""The Python that measures a project says whether its files parse."""

import pytest

from coverage_roadmap.core.finding import State
from coverage_roadmap.core.parsing import Parsing

TEXT = "it does not parse: invalid syntax"


@pytest.mark.parametrize(
    ("theirs", "answers", "state", "said"),
    [
        ("3.11", {}, State.FOUND, TEXT),
        ("3.14", {}, State.UNKNOWN, f"{TEXT}, says Python 3.11; there is no Python 3.14 here to ask"),
        ("3.9", {}, State.FOUND, f"{TEXT}, says Python 3.11; there is no Python 3.9 here to ask"),
        ("3.14", {"a.py": False}, State.FOUND, f"{TEXT}, say Python 3.11 and Python 3.14"),
        (
            "3.14",
            {"a.py": True},
            State.UNKNOWN,
            "Python 3.14 parses it, and ours, 3.11, does not: what it holds is not judged",
        ),
        ("3.14", {"b.py": True}, State.UNKNOWN, f"{TEXT}, says Python 3.11; there is no Python 3.14 here to ask"),
    ],
)
def test_what_ours_does_not_parse_is_wrong_where_no_newer_one_may_parse_it(theirs, answers, state, said):
    assert Parsing("3.11", theirs, answers).judge("a.py", TEXT) == (state, said)
