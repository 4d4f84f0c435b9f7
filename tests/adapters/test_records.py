"""All records: those of the cache and those of the history, joined."""

import msgspec
import pytest

from coverage_roadmap.adapters import history, records, store
from coverage_roadmap.core.history import Blobs

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
    newest, oldest, middle = made = [make_record(number) for number in (2, 0, 1)]
    save(cache, *newest)
    save(cache, *middle)
    for summary, detail in (oldest, middle):
        history.append(repo.found(), BRANCH, summary, detail, now=1)
    read = records.read(cache, repo.found(), BRANCH)
    assert [s.id for s in read.all()] == [newest[0].id, middle[0].id, oldest[0].id]
    assert [s.id for s in read.of("phase1")] == [s.id for s in read.all()]
    assert list(read.of("phase2")) == []
    assert [s.id for s in read.named("20261122T120001")] == [middle[0].id]
    assert read.named("") == []
    assert (read.unreadable, read.has_history) == ([], True)
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
    assert [s.id for s in read.all()] == [summary.id]
    assert read.files(summary) is None
    listed = {"2026-11": {summary.id: Blobs("0" * 40, "0" * 40)}}
    gone = records.Records(cache, (repo.found(), BRANCH), {}, listed=listed)
    assert gone.files(summary) is None
    assert list(gone.all()) == []


def test_what_cannot_be_read_is_said_and_the_rest_is_there(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    good, bad = make_record(1), make_record(2)
    save(cache, *good)
    save(cache, *bad)
    (cache.root / "runs" / bad[0].id / "summary.json").write_text('{"format": 5}')
    history.append(repo.found(), BRANCH, *make_record(3), now=1)
    repo.git("checkout", "-q", BRANCH)
    folder = "top/2026-11/20261122T12000"
    repo.commit(
        {
            f"{folder}4000000Z-phase1-00000004.summary.json": "no",
            f"{folder}5000000Z-phase1-00000005.summary.json": msgspec.json.encode(make_record(6)[0]).decode(),
            "top/2026-11/foreign.summary.json": "no",
            "top/2026-11/README": "no",
            "top/2026-13x/README": "no",
        }
    )
    repo.git("checkout", "-q", "main")
    read = records.read(cache, repo.found(), BRANCH)
    assert sorted(s.id for s in read.all()) == [good[0].id, make_record(3)[0].id]
    assert len(list(read.all())) == 2, "and again"
    told = [str(error) for error in read.unreadable]
    assert len(told) == 3
    assert "newer than ours" in told[0]
    assert "holds the record 20261122T120006000000Z-phase1-00000006" in told[1]
    assert "00000004.summary.json: is corrupt" in told[2]
    assert all("take it off the branch" in one for one in told[1:])


def test_without_git_or_a_cache_there_is_nothing_and_no_error(tmp_path):
    empty = records.read(store.Store(tmp_path), None, BRANCH)
    assert (list(empty.all()), empty.unreadable, empty.has_history) == ([], [], False)
    assert list(tmp_path.iterdir()) == []


def test_a_new_record_takes_the_place_of_its_elder_self(cache, make_record):
    first, second = make_record(1)[0], make_record(2)[0]
    read = records.Records(cache, None, {first.id: first}).with_new(second)
    assert list(read.all()) == [second, first]
    again = msgspec.structs.replace(first, reasons=("anew",))
    assert list(read.with_new(again).all()) == [second, again]


def test_only_what_is_asked_for_is_read(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    for number in range(40):
        history.append(repo.found(), BRANCH, *make_record(number), now=1)
    read = records.read(cache, repo.found(), BRANCH)
    assert next(iter(read.all())).id == make_record(39)[0].id
    assert len(read.read) == 16
    assert len(list(read.all())) == 40


def test_what_a_remote_has_is_joined_with_what_is_here(repo, make_repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    other = make_repo("other")
    other.commit({"a.txt": "a"})
    history.append(repo.found(), BRANCH, *make_record(1), now=1)
    history.append(other.found(), BRANCH, *make_record(2), now=1)
    repo.git("fetch", "-q", str(other.top), f"{BRANCH}:refs/remotes/upstream/{BRANCH}")
    repo.git("update-ref", f"refs/remotes/upstream/deep/{BRANCH}", "main")
    read = records.read(cache, repo.found(), BRANCH)
    assert [s.id for s in read.all()] == [make_record(2)[0].id, make_record(1)[0].id]
    assert all(read.files(s) for s in read.all())


def test_what_stands_where_a_month_should_and_a_record_in_another_month_are_passed_over(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    good, other = make_record(1), make_record(2)
    history.append(repo.found(), BRANCH, *good, now=1)
    encoded = msgspec.json.encode(other[0])
    history.write(repo.found(), BRANCH, {"top/2026-10": b"x", "top/documented": b"x"}, "x", now=1)
    history.write(repo.found(), BRANCH, {f"top/2025-01/{other[0].id}.summary.json": encoded}, "x", now=1)
    read = records.read(cache, repo.found(), BRANCH)
    assert [s.id for s in read.all()] == [good[0].id]
    assert read.history.documents() == {}


def test_a_remotes_copy_of_a_record_hides_none_of_ours(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    summary, detail = make_record(1)
    history.append(repo.found(), BRANCH, summary, detail, now=1)
    tip = repo.git("rev-parse", BRANCH)
    history.write(repo.found(), BRANCH, {f"top/2026-11/{summary.id}.summary.json": b"{}"}, "x", now=1)
    repo.git("update-ref", f"refs/remotes/origin/{BRANCH}", BRANCH)
    repo.git("update-ref", f"refs/heads/{BRANCH}", tip)
    read = records.read(cache, repo.found(), BRANCH)
    assert ([s.id for s in read.all()], read.unreadable) == ([summary.id], [])


def test_what_is_not_read_is_told_in_lines(repo, cache, make_record):
    repo.commit({"a.txt": "a"})
    history.append(repo.found(), BRANCH, *make_record(1), now=1)
    lost = make_record(2)[0].id
    history.write(repo.found(), BRANCH, {f"top/2026-11/{lost}.summary.json": b" " * (2**22 + 1)}, "x", now=1)
    repo.git("update-ref", f"refs/remotes/origin/{BRANCH}", "main")
    read = records.read(cache, repo.found(), BRANCH)
    assert read.notes == []
    assert [s.id for s in read.all()] == [make_record(1)[0].id]
    foreign, large = read.notes
    assert foreign == f"refs/remotes/origin/{BRANCH} is no coverage history, and is left out"
    assert f"{lost}.summary.json: is missing, empty, or larger than 4 MiB; next: leave it" in large
