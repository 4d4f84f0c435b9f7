from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.history import (
    MARKER,
    Blobs,
    Why,
    base_of,
    began,
    folder_of,
    is_month,
    joined,
    month_of,
    phase_of,
    records,
    thin,
)

ID = "20260301T100000000000Z-phase2-0123abcd"


def test_a_records_place_tells_its_project_its_month_and_itself():
    assert folder_of("") == "top"
    assert folder_of("projects/größe/") == "projects/projects/größe"
    assert base_of("lib/", ID) == f"projects/lib/2026-03/{ID}"
    assert is_month(month_of(ID))
    assert not any(map(is_month, ("2026-3", "documented", "2026-03x", "2026-03\n", "")))


@pytest.mark.parametrize(
    ("text", "phase", "at"),
    [
        (ID, "phase2", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("20261301T100000000000Z-phase2-0123abcd", "phase2", None),
        (f"{ID}\n", None, None),
        ("README", None, None),
        ("../../etc/passwd", None, None),
    ],
)
def test_an_id_names_its_phase_and_its_moment(text, phase, at):
    assert (phase_of(text), began(text)) == (phase, at)


def test_records_are_told_from_foreign_files():
    files = {f"{ID}.summary.json": "s", f"{ID}.detail.json": "d", "x.summary.json": "f", f"{ID}.txt": "t", ID: "i"}
    assert records("2026-03", files) == {ID: Blobs("s", "d")}
    assert records("2026-03", {f"{ID}.summary.json": "s"}) == {ID: Blobs("s", None)}
    assert records("2026-03", {f"{ID}.detail.json": "d"}) == {}
    assert records("2025-03", files) == {}, "it lies in another month than it names"


PATHS = [
    *(f"top/2026-03/20260301T10000{number}000000Z-phase2-0123abcd.summary.json" for number in range(3)),
    *("top/documented/a.json", "projects/lib/2026-03/20260301T100000000000Z-phase2-0123abcd.detail.json", MARKER),
]
STATES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["1", "2"]))


@given(base=STATES, ours=STATES, theirs=STATES)
def test_joining_loses_nothing_but_what_one_side_took_away(base, ours, theirs):
    found = joined(base, ours, theirs)
    assert found.keys() == {
        path for path in {**ours, **theirs} if (path in ours and path in theirs) or path not in base
    }
    assert all(found[path] == ours.get(path, theirs.get(path)) for path in found)
    assert joined({}, ours, {}) == ours


@pytest.mark.parametrize(
    "path",
    [
        *("top/2026-03", "top", "README", "top/2025-01/20260301T100000000000Z-phase2-0123abcd.summary.json"),
        *("x/2026-03/y", "top/2026-03/README", "top/documented/x.txt", "projects/documented", "src/documented/a.json"),
    ],
)
def test_of_theirs_nothing_foreign_is_taken_and_of_ours_it_stays(path):
    assert joined({}, {}, {path: "1"}) == {}
    assert joined({}, {path: "1"}, {}) == {path: "1"}


def at(day, record, **given_):
    """A record of the n-th day of 2026."""
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    made = record(**given_)
    return msgspec.structs.replace(made, id=f"{moment:%Y%m%dT%H%M%S%f}Z-{made.phase}-{day:08x}")


def test_thinning_keeps_what_a_trend_a_closing_or_a_person_still_needs(record):
    made = {
        name: at(day, record, **given_)
        for name, (day, given_) in {
            "young": (200, {}),
            "newest of phase1": (100, {"phase": "phase1", "head": None}),
            "monthly": (60, {}),
            "same month": (59, {}),
            "other selection": (58, {}),
            "no evidence": (57, {"head": None}),
            "closed": (40, {}),
            "before closed": (39, {}),
            "unread": (31, {}),
        }.items()
    }
    made["other selection"] = msgspec.structs.replace(made["other selection"], selection="other")
    ids = {name: one.id for name, one in made.items()}
    read = {one.id: one for name, one in made.items() if name != "unread"}
    odd = "20261399T100000000000Z-phase2-0123abcd"
    found = thin(
        [*ids.values(), odd],
        read,
        keep=timedelta(days=90),
        now=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=210),
        closed={ids["closed"]},
    )
    assert found.kept == {
        ids["young"]: Why.YOUNG,
        ids["newest of phase1"]: Why.NEWEST,
        ids["monthly"]: Why.MONTHLY,
        ids["other selection"]: Why.MONTHLY,
        ids["closed"]: Why.CLOSED,
        ids["unread"]: Why.UNREAD,
        odd: Why.UNREAD,
    }
    assert list(found.gone) == [ids["same month"], ids["no evidence"], ids["before closed"]]


def test_the_newest_of_a_phase_stays_however_old_it_is(record):
    old = at(1, record, head=None)
    now = datetime(2030, 1, 1, tzinfo=UTC)
    assert thin([old.id], {old.id: old}, keep=timedelta(days=30), now=now).kept == {old.id: Why.NEWEST}
