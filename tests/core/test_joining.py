"""Shards are joined only where they are a whole set that belongs together, and then to what one run would have left."""

import pytest
from msgspec.structs import replace

from coverage_roadmap.core import joining
from coverage_roadmap.core.artifact import Manifest, Shard
from coverage_roadmap.core.joining import Expected, Part
from coverage_roadmap.core.measurement import Kind, Scope, Tree
from coverage_roadmap.core.outcome import (
    Collected,
    Deselected,
    Finished,
    NotImported,
    Report,
    Sharded,
    Start,
    Stopped,
    outcomes,
    read,
)

HERE = Expected("c" * 40, "config", "s", Tree(source="t1"))


@pytest.fixture
def manifest(record):
    """Makes the manifest of one of two shards; what it has not goes to its record."""

    def make(number=1, of=2, **given):
        own = {key: given.pop(key) for key in Manifest.__struct_fields__ if key in given}
        kind = given.get("kind", Kind.PARTIAL)
        reasons = given.pop("reasons", (f"shard {number}/{of}",) if kind is Kind.PARTIAL else ())
        scope = given.pop("scope", Scope())
        selection = given.pop("selection", "s")
        words = (f"--shard={number}/{of}", *given.pop("words", ()))
        made = record(**{"arguments": words, "kind": kind, **given}, reasons=reasons)
        base = Manifest(0, Shard(number, of), replace(made, scope=scope, selection=selection), "config", "", "", "")
        return replace(base, **own)

    return make


def unfit(*manifests):
    return joining.unfit([(f"part-{n}", one) for n, one in enumerate(manifests, 1)], HERE)


def test_a_whole_set_is_fit(manifest):
    assert unfit(manifest(2), manifest(1)) == []
    assert unfit(manifest(1, 1)) == []


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ([(1, 2)], ["shard 2/2 is missing: its job left no artifact, or none was fetched"]),
        ([(2, 4), (3, 4)], ["shards 1/4, 4/4 are missing: its job left no artifact, or none was fetched"]),
        ([(1, 2), (2, 2), (2, 2)], ["shard 2/2 is there 2 times: part-2, part-3"]),
        ([(1, 2), (3, 3)], ["the artifacts do not agree how many shards there are: part-1 is 1/2, part-2 is 3/3"]),
    ],
)
def test_a_shard_that_is_missing_or_doubled_is_named(manifest, shards, said):
    assert unfit(*(manifest(*one) for one in shards)) == said


def test_the_division_of_the_newest_run_comes_first(manifest):
    ids = [f"20260301T10000000000{n}Z-phase1-0123abcd" for n in range(4)]
    made = [manifest(1, 4), manifest(1, 2), manifest(2, 4), manifest(1, 3)]
    dated = [replace(one, record=replace(one.record, id=ids[n])) for n, one in zip((2, 0, 1, 3), made, strict=True)]
    assert joining.divisions(dated) == [3, 4, 2]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"commit": "d" * 40}, "part-2 is of the commit dddddddddddd, and here is cccccccccccc"),
        ({"commit": None}, "part-2 is of the commit none, and here is cccccccccccc"),
        ({"config": "other"}, "part-2 was run by another config than the one here"),
        ({"selection": "other"}, "part-2 is of another selection than the one here"),
        ({"tree": "t2"}, "part-2 ran on another measured tree than the one here: source differ"),
        ({"words": ("-k", "x")}, "part-2 was given other words than part-1"),
        (
            {"durations": "d", "planned_from": "r"},
            "part-2 was planned from other durations than part-1: no record and r",
        ),
        ({"scope": Scope(omit=("x",))}, "part-2 measured another scope than part-1"),
        ({"config_file": "other.ini"}, "part-2 measured another scope than part-1"),
    ],
)
def test_a_shard_from_elsewhere_is_named_with_what_differs(manifest, changes, said):
    assert unfit(manifest(1), manifest(2, **changes)) == [said]


def test_a_shard_that_could_not_begin_tells_no_scope(manifest):
    assert unfit(manifest(1), manifest(2, kind=Kind.FAILED, scope=Scope(omit=("x",)))) == []


A, B, C = (f"t.py::{name}" for name in "abc")


def part(manifest, own, whole=(A, B, C), *, events=(), finished=0):
    """What a shard left that ran `own` of `whole`."""
    passed = [Report(test, when, "passed", 0.5) for test in own for when in ("setup", "call", "teardown")]
    begun = [Start("3.11", "cpython", "/python", {}, 1), *([Sharded(list(whole))] if whole else [])]
    ended = [] if finished is None else [Finished(finished)]
    journal = read([*begun, *([Collected(list(own))] if own else []), *passed, *events, *ended])
    return Part(f"part-{manifest.shard.number}", manifest, journal)


def test_shards_that_each_ran_their_own_are_even(manifest):
    assert joining.uneven([part(manifest(1), [A]), part(manifest(2), [B, C])]) == []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            ([A], [A, B]),
            ([C], [A, C]),
            "shards 1/2 and 2/2 collected different tests; only in 1/2: t.py::b; only in 2/2: t.py::c",
        ),
        (([A], [A]), ([C], [A, C]), "shards 1/2 and 2/2 collected different tests; only in 2/2: t.py::c"),
        (([A, B], [A, B, C]), ([B, C], [A, B, C]), "1 test ran in several shards; such as: t.py::b"),
        (([A], [A, B, C]), ([B], [A, B, C]), "1 test ran in no shard; such as: t.py::c"),
        (([A, B], [A, B]), (["x"], [A, B]), "1 test ran and had not been collected; such as: x"),
    ],
)
def test_tests_that_differ_are_named(manifest, first, second, said):
    assert joining.uneven([part(manifest(1), *first), part(manifest(2), *second)]) == [said]


def test_of_many_that_differ_some_are_named(manifest):
    ids = [f"t.py::t[{n}]" for n in range(7)]
    (told,) = joining.uneven([part(manifest(1), ids, ids), part(manifest(2), [], [A])])
    assert "only in 1/2: t.py::t[0], t.py::t[1], t.py::t[2], t.py::t[3], t.py::t[4] and 2 more" in told


def test_a_shard_that_never_collected_is_passed_over(manifest):
    crashed = part(manifest(2, kind=Kind.FAILED), [], [], finished=None)
    assert joining.uneven([part(manifest(1), [A]), crashed]) == []
    assert joining.uneven([crashed]) == []


def test_joined_shards_are_the_journal_of_one_run(manifest):
    broken = [NotImported("x.py", "no"), Deselected(["z"])]
    parts = [part(manifest(1), [A], events=broken), part(manifest(2), [B, C], events=[*broken, Stopped()])]
    journal = joining.joined(parts)
    assert (journal.start, journal.stopped, journal.finished) == (parts[0].journal.start, True, 0)
    assert (list(journal.collected), list(journal.deselected)) == ([A, B, C], ["z"])
    told = outcomes(journal)
    assert (told.collected, told.passed, told.deselected, len(told.not_imported), told.not_run) == (3, 3, 1, 1, ())


@pytest.mark.parametrize(
    ("statuses", "status"), [((0, 0), 0), ((0, 1), 1), ((1, 2), 2), ((-9, 1), -9), ((None, 0), -1), ((5, 0), 0)]
)
def test_the_gravest_exit_status_counts(manifest, statuses, status):
    parts = [part(manifest(n, exit_status=one), [A, B, C][n - 1 : 2 * n - 1]) for n, one in enumerate(statuses, 1)]
    assert joining.joined(parts).finished == status


def test_nothing_collected_at_all_stays_a_fault(manifest):
    parts = [part(manifest(n, exit_status=5), [], []) for n in (1, 2)]
    assert joining.joined(parts).finished == 5


def judged(*parts):
    return joining.judged(parts, joining.joined(parts))


def test_whole_shards_are_a_full_run(manifest):
    assert judged(part(manifest(1), [A]), part(manifest(2), [B, C])) == (Kind.FULL, [])


@pytest.mark.parametrize(
    ("changes", "finished", "expected"),
    [
        ({"kind": Kind.TIMED_OUT, "reasons": ("the time limit came",)}, 0, (Kind.TIMED_OUT, "the time limit came")),
        ({"kind": Kind.FAILED, "reasons": ("signal 9",)}, None, (Kind.FAILED, "signal 9")),
        ({"kind": Kind.FAILED, "reasons": ()}, None, (Kind.FAILED, "")),
        ({"reasons": ("shard 2/2", "interrupted")}, 2, (Kind.PARTIAL, "interrupted")),
        ({}, None, (Kind.FAILED, "its journal has no end")),
    ],
)
def test_a_shard_that_fell_short_is_named(manifest, changes, finished, expected):
    kind, reason = expected
    ended = part(manifest(2, **changes), [B, C], finished=finished)
    assert judged(part(manifest(1), [A]), ended) == (kind, [f"shard 2/2: {reason}"])


def test_words_that_narrow_make_it_partial(manifest):
    words = ("-k", "x")
    assert judged(part(manifest(1, 1, words=words), [A, B, C])) == (Kind.PARTIAL, ["narrowed by hand (-k x)"])


def test_where_it_comes_from_is_the_first_shards_with_the_times_of_all(manifest):
    later = "2026-03-01T11:00:00.000000+00:00"
    parts = [part(manifest(1, started=later, branch="theirs"), [A]), part(manifest(2, words=("-v",)), [B, C])]
    head = Tree(source="h")
    made = joining.provenance(parts, canonical=False, config="c.toml", branch="main", head=head)
    assert (made.seconds, made.shards, made.started) == (3.0, 2, "2026-03-01T10:00:00.000000+00:00")
    assert (made.leg.canonical, made.config, made.branch) == (False, "c.toml", "main")
    assert (made.head, made.arguments) == (head, ())
