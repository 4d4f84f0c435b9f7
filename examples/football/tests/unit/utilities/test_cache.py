"""The cache with expiry and stale reads."""

from __future__ import annotations

import pytest

from src.utilities.cache import TTLCache


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    return TTLCache(10, max_size=2, clock=clock)


@pytest.mark.parametrize(("age", "found"), [(0, True), (10, True), (10.1, False)])
def test_entry_lives_for_its_time(cache, clock, age, found):
    cache.set("a", 1)
    clock.now = age
    assert (cache.get("a") == 1) is found


@pytest.mark.parametrize(("max_age", "wanted"), [(30, (1, 30.0)), (29, None)])
def test_expired_entry_can_still_be_had_for_a_while(cache, clock, max_age, wanted):
    cache.set("a", 1)
    clock.now = 30.0
    assert cache.get("a") is None
    assert cache.get_stale("a", max_age) == wanted
    assert cache.get_stale("b", max_age) is None


def test_least_recently_used_entry_goes_first(cache):
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    assert len(cache) == 2


def test_delete_says_whether_there_was_anything(cache):
    cache.set("a", 1)
    assert cache.delete("a") is True
    assert cache.delete("a") is False


def test_purge_drops_what_is_too_old(cache, clock):
    cache.set("a", 1)
    clock.now = 5
    cache.set("b", 2)
    clock.now = 8
    assert cache.purge(4) == 1
    assert cache.get("b") == 2


def test_counters(cache, clock):
    assert cache.stats().hit_rate == 0.0
    cache.set("a", 1)
    cache.get("a")
    cache.get("x")
    cache.get_stale("a", 5)
    stats = cache.stats()
    assert (stats.hits, stats.misses, stats.stale_hits, stats.size, stats.hit_rate) == (1, 1, 1, 1, 0.5)
    cache.clear()
    assert cache.stats() == TTLCache(10).stats()


@pytest.mark.parametrize(("ttl", "size"), [(0, 5), (-1, 5), (5, 0)])
def test_senseless_limits_are_refused(ttl, size):
    with pytest.raises(ValueError, match="ttl_seconds must be positive"):
        TTLCache(ttl, max_size=size)
