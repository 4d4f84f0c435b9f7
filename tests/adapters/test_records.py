"""All records: those of the cache and those of the history, joined."""

import msgspec
import pytest

from coverage_roadmap.adapters import history, records, store

BRANCH = "coverage-history"


@pytest.fixture
def cache(repo):
    cache = store.Store(repo.top)
    cache.open()
    return cache


def save(cache, summary, detail):
    cache.begin(summary.id)
    cache.save(summary, detail)


def test_both_are_joined_by_id_newest_first(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    made = []
    for number in (2, 0, 1):
        summary, detail = make_record(number)
        started = f"2026-11-22T12:00:{number:02d}+00:00"
        summary = msgspec.structs.replace(
            summary, provenance=msgspec.structs.replace(summary.provenance, started=started)
        )
        made.append((summary, detail))
    newest, oldest, middle = made
    save(cache, *newest)
    save(cache, *middle)
    for summary, detail in (oldest, middle):
        history.append(repo.found(), BRANCH, summary, detail, now=1)
    read = records.read(cache, repo.found(), BRANCH)
    assert [s.id for s in read.summaries] == [newest[0].id, middle[0].id, oldest[0].id]
    assert read.unreadable == ()
    assert all(read.files(summary) == detail.files for summary, detail in made)
    assert read.project == repo.top


def test_the_history_has_the_per_file_part_where_the_cache_lost_it(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    summary, detail = make_record(1)
    save(cache, summary, detail)
    history.append(repo.found(), BRANCH, summary, detail, now=1)
    path = cache.root / "runs" / summary.id / "detail.json"
    path.write_text("{")
    read = records.read(cache, repo.found(), BRANCH)
    assert read.files(summary) == detail.files
    repo.git("branch", "-D", BRANCH)
    assert records.read(cache, repo.found(), BRANCH).files(summary) is None
    assert read.files(make_record(9)[0]) is None


def test_a_per_file_part_that_git_lost_or_that_is_corrupt_is_none(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    summary, detail = make_record(1)
    history.append(repo.found(), BRANCH, summary, detail, now=1)
    repo.git("checkout", "-q", BRANCH)
    (path,) = repo.top.rglob("*.detail.json")
    path.write_text('{"format": 0, "files": 3}')
    repo.commit()
    repo.git("checkout", "-q", "main")
    read = records.read(cache, repo.found(), BRANCH)
    assert [s.id for s in read.summaries] == [summary.id]
    assert read.files(summary) is None
    gone = records.Records(cache, repo.found(), BRANCH, (summary,), in_history={summary.id: "0" * 40})
    assert gone.files(summary) is None


def test_what_cannot_be_read_is_said_and_the_rest_is_there(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    good, bad = make_record(1), make_record(2)
    save(cache, *good)
    save(cache, *bad)
    (cache.root / "runs" / bad[0].id / "summary.json").write_text('{"format": 5}')
    history.append(repo.found(), BRANCH, *make_record(3), now=1)
    repo.git("checkout", "-q", BRANCH)
    repo.commit({"top/2026-11/20261122T120004000000Z-phase1-00000004.summary.json": "no"})
    repo.git("checkout", "-q", "main")
    read = records.read(cache, repo.found(), BRANCH)
    assert sorted(s.id for s in read.summaries) == [good[0].id, make_record(3)[0].id]
    assert ["newer than ours" in str(e) for e in read.unreadable] == [True, False]
    assert "00000004.summary.json: is corrupt" in str(read.unreadable[1])


def test_without_git_or_a_cache_there_is_nothing_and_no_error(tmp_path):
    empty = records.read(store.Store(tmp_path), None, BRANCH)
    assert (empty.summaries, empty.unreadable) == ((), ())
    assert list(tmp_path.iterdir()) == []


def test_a_new_record_takes_the_place_of_its_elder_self(cache, make_record):
    first, second = make_record(1)[0], make_record(2)[0]
    read = records.Records(cache, None, BRANCH, (first,)).with_new(second)
    assert read.summaries == (second, first)
    again = read.with_new(first)
    assert again.summaries == (first, second)
