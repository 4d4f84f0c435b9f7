import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core import shard


def plain(*ids):
    return dict.fromkeys(ids, "")


def loads(assigned, seconds):
    told = Counter()
    for test, number in assigned.items():
        told[number] += seconds[test]
    return told


SUITE = {f"tests/test_{file}.py::test_{n}": file * (n + 1) / 100 for file in range(1, 30) for n in range(10)}


@pytest.mark.parametrize("of", [1, 2, 4, 7])
def test_each_test_has_one_shard_and_all_take_about_as_long(of):
    assigned = shard.assign(plain(*SUITE), SUITE, of)
    assert assigned.keys() == SUITE.keys()
    told = loads(assigned, SUITE)
    assert set(told) == set(range(1, of + 1))
    assert max(told.values()) <= shard.EVEN * sum(SUITE.values()) / of
    assert shard.longest(SUITE, of) == pytest.approx(max(told.values()))


@given(st.randoms(use_true_random=False), st.integers(1, 9))
def test_the_order_of_collection_changes_nothing(chance, of):
    ids = list(SUITE)
    chance.shuffle(ids)
    assert shard.assign(plain(*ids), SUITE, of) == shard.assign(plain(*SUITE), SUITE, of)


def test_it_is_the_same_on_every_machine():
    chance = random.Random("shards")
    seconds = {f"tests/test_{n % 7}.py::test_{n}": chance.random() for n in range(60)}
    told = shard.assign(plain(*seconds), seconds, 3)
    assert "".join(str(told[test]) for test in sorted(told)) == EXPECTED


EXPECTED = "323121113111111111332112123211322322222222223333333333333333"


def test_files_stay_together_as_far_as_the_shards_come_out_even():
    seconds = {f"tests/test_{file}.py::test_{n}": 1.0 for file in "abcd" for n in range(5)}
    told = shard.assign(plain(*seconds), seconds, 2)
    for file in "abcd":
        assert len({told[f"tests/test_{file}.py::test_{n}"] for n in range(5)}) == 1


def test_only_a_file_that_is_too_long_for_one_shard_is_divided():
    seconds = {f"tests/test_long.py::test_{n}": 1.0 for n in range(40)}
    seconds |= {f"tests/test_{file}.py::test_{n}": 0.5 for file in range(10) for n in range(4)}
    told = shard.assign(plain(*seconds), seconds, 3)
    assert len({number for test, number in told.items() if "long" in test}) > 1
    for file in range(10):
        assert len({told[f"tests/test_{file}.py::test_{n}"] for n in range(4)}) == 1


def test_a_group_stays_together_whatever_it_costs():
    groups = {f"tests/test_a.py::test_{n}": "server" if n % 4 else "" for n in range(12)}
    told = shard.assign(groups, dict.fromkeys(groups, 1.0), 2)
    assert {told[test] for test, group in groups.items() if group} == {1}
    assert {told[test] for test, group in groups.items() if not group} == {2}


def test_one_test_that_is_longer_than_a_fair_part_divides_no_file():
    seconds = {"tests/test_long.py::test": 100.0, **{f"tests/test_a.py::test_{n}": 1.0 for n in range(9)}}
    told = shard.assign(plain(*seconds), seconds, 4)
    assert len({told[f"tests/test_a.py::test_{n}"] for n in range(9)}) == 1


def test_a_test_without_a_duration_takes_the_median():
    known = {"t.py::a": 1.0, "t.py::b": 2.0, "t.py::c": 9.0}
    told = shard.assign(plain(*known, "t.py::new"), known, 2)
    assert told["t.py::c"] == 1
    assert {told[test] for test in ("t.py::a", "t.py::b", "t.py::new")} == {2}


def test_without_any_duration_all_take_equally_long():
    told = shard.assign(plain(*(f"t{n}.py::t" for n in range(9))), {}, 3)
    assert Counter(told.values()) == {1: 3, 2: 3, 3: 3}


def test_tests_that_take_no_time_are_spread_too():
    ids = [f"t.py::t{n}" for n in range(9)]
    assert Counter(shard.assign(plain(*ids), dict.fromkeys(ids, 0.0), 3).values()) == {1: 3, 2: 3, 3: 3}


def test_more_shards_than_tests_leaves_some_without():
    assert sorted(shard.assign(plain("t.py::a", "t.py::b"), {}, 5).values()) == [1, 2]
    assert shard.assign({}, {}, 3) == {}


def test_a_mark_tells_durations_apart_and_none_has_none():
    one = {"a": 1.0, "b": 2.0}
    assert shard.mark(one) == shard.mark({"b": 2.0, "a": 1.0}) != shard.mark({**one, "b": 2.1})
    assert (shard.mark({}), len(shard.mark(one))) == ("", 12)
