"""Team names and sequence helpers."""

from __future__ import annotations

import pytest

from src.utilities import iterables, text


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("FC Bayern München", "bayern munchen"),
        ("  Brighton & Hove Albion ", "brighton hove albion"),
        ("A.F.C. Ajax", "a f c ajax"),
        ("AC", "ac"),
    ],
)
def test_team_names_are_compared_in_plain_form(name, key):
    assert text.team_key(name) == key


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Bayern Munchen", "FC Bayern München"),
        ("Bayern Munchn", "FC Bayern München"),
        ("Spurs", "Tottenham Hotspur"),
        ("Real Madrid", None),
    ],
)
def test_matcher_finds_spellings_aliases_and_near_misses(name, wanted):
    matcher = text.TeamMatcher(["FC Bayern München", "Tottenham Hotspur"], {"Spurs": "Tottenham Hotspur"})
    assert matcher.match(name) == wanted


def test_alias_of_an_unknown_team_is_a_mistake():
    with pytest.raises(ValueError, match="alias 'Spurs' points to an unknown team"):
        text.TeamMatcher(["Ajax"], {"Spurs": "Tottenham"})


def test_chunks_are_full_but_for_the_last():
    assert list(iterables.chunked(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(iterables.chunked([], 2)) == []
    with pytest.raises(ValueError, match="at least 1"):
        next(iterables.chunked([1], 0))


def test_unique_keeps_the_first_order():
    assert iterables.unique([3, 1, 3, 2, 1]) == [3, 1, 2]


def test_groups_keep_their_order():
    assert iterables.group_by([1, 2, 3, 4], lambda n: n % 2) == {1: [1, 3], 0: [2, 4]}


@pytest.mark.parametrize(
    ("path", "wanted"), [("a.b", 1), ("a.c", "none"), ("a.b.c", "none"), ("x", "none"), ("a.d", "none")]
)
def test_dig_follows_a_path_or_gives_the_default(path, wanted):
    assert iterables.dig({"a": {"b": 1, "d": None}}, path, "none") == wanted
