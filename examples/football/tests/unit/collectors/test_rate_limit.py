"""The limit on calling the source."""

from __future__ import annotations

import asyncio

import pytest

from src.collectors.rate_limit import RateLimiter


class FakeTime:
    """A clock and a sleep that only pretend."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def clock(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return FakeTime()


def acquire(limiter, times):
    async def run():
        for _ in range(times):
            await limiter.acquire()

    asyncio.run(run())


def test_burst_is_free_and_then_calls_are_spread(time):
    limiter = RateLimiter(60, burst=2, clock=time.clock, sleep=time.sleep)
    acquire(limiter, 2)
    assert time.slept == []
    acquire(limiter, 2)
    assert time.slept == [1.0, 1.0]
    assert limiter.waited_seconds == 2.0


def test_idle_time_refills_up_to_the_burst(time):
    limiter = RateLimiter(60, burst=2, clock=time.clock, sleep=time.sleep)
    acquire(limiter, 2)
    time.now += 3600
    acquire(limiter, 3)
    assert time.slept == [1.0]


def test_penalty_delays_the_next_call(time):
    limiter = RateLimiter(60, clock=time.clock, sleep=time.sleep)
    limiter.penalise(30)
    acquire(limiter, 1)
    assert sum(time.slept) == pytest.approx(31)


@pytest.mark.parametrize(("per_minute", "burst"), [(0, 1), (10, 0)])
def test_senseless_limits_are_refused(per_minute, burst):
    with pytest.raises(ValueError, match="per_minute must be positive"):
        RateLimiter(per_minute, burst=burst)
