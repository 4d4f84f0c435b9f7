"""The pages of the history: lists, one record, a push, a thinning."""

import msgspec
import pytest

from coverage_roadmap.adapters.publishing import Published
from coverage_roadmap.commands.history import History
from coverage_roadmap.commands.history_prune import Pruned
from coverage_roadmap.commands.history_push import Pushed
from coverage_roadmap.commands.history_show import Shown
from coverage_roadmap.core.history import Thinning, Why
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, Failure, FileFigures, Kind, Outcomes
from coverage_roadmap.errors import NotMetError
from coverage_roadmap.faces.pages import history, history_prune, history_push, history_show


@pytest.fixture
def record(report):
    """A record of the report's, with other fields."""
    return lambda **given: report(**given).measurement.summary


def test_records_are_listed_with_what_is_not_published_yet(draw, record):
    good = record(kind=Kind.FULL, outcomes=Outcomes(3, 3))
    bad = record(outcomes=Outcomes(3, 1, failed=(Failure("t\x1b[31m", "call"),)))
    told = draw(history.page(History("coverage-history", [good, bad], 9, 2, ["x is corrupt"])))
    assert "records    2 of 9" in told
    assert "no, 2 commits to go: invoke history.push" in told
    assert "3 passed\n" in told
    assert "1 passed, 1 failed" in told
    assert "note  x is corrupt" in told
    assert "stays here" in draw(history.page(History("b", [], 2, 2, remote=False)))
    lacking = "unknown: invoke history.push fetches what the remote has"
    assert lacking in draw(history.page(History("b", [], 0, None, tracked=False)))
    for told in (History("b", [], 0, None), History("b", [], 0, None, remote=False, tracked=False)):
        assert "nothing to publish: no branch of ours is here" in draw(history.page(told))
    assert "published  yes" in draw(history.page(History("b", [], 0, 0)))
    assert "nothing to publish: no branch of ours is here" in draw(history.page(History("b", [], 0, None)))
    data = history.data(History("b", [good], 1, 0))
    assert (data["records"][0]["record"], data["records"][0]["tests"]["passed"]) == (good.id, 3)


def test_a_record_is_shown_with_its_worst_files_first(draw, record):
    one = record(outcomes=Outcomes(3, 2, failed=(Failure("t.py::x", "call", "no"),)), commit="c" * 40, branch="main")
    files = {"src/a.py": FileFigures(Counts(9, 1)), "src/b.py": FileFigures(Counts(9, 5))}
    told = draw(history_show.page(Shown(one, Detail(FORMAT, files))))
    assert told.index("src/b.py") < told.index("src/a.py")
    assert f"{'c' * 40} on main" in told
    assert "t.py::x: no" in told
    assert history_show.data(Shown(one, Detail(FORMAT, files)))["files"]["src/b.py"]["missing"] == 5
    lost = Shown(msgspec.structs.replace(one, outcomes=Outcomes()), None)
    assert "unknown: its detail cannot be read" in draw(history_show.page(lost))
    assert history_show.data(lost)["files"] is None


@pytest.mark.parametrize(
    ("published", "said", "moved"),
    [
        (None, "the repository has no remote", False),
        (Published("origin", None, moved=False, tries=1), "neither here nor on origin", False),
        (Published("origin", "c" * 40, moved=True, tries=2), "h to origin, at cccccccc", True),
        (Published("origin", "c" * 40, moved=False, tries=1), "nothing new: origin has all of h", False),
    ],
)
def test_a_push_says_what_it_came_to(draw, published, said, moved):
    assert said in draw(history_push.page(Pushed("h", published)))
    assert history_push.data(Pushed("h", published))["moved"] is moved


def test_a_thinning_counts_what_stays_by_its_reason_and_names_what_goes(draw):
    thinning = Thinning({"a": Why.YOUNG, "b": Why.YOUNG, "c": Why.CLOSED}, ["20260301T100000000000Z-phase2-0123abcd"])
    told = draw(history_prune.page(Pruned("h", thinning, applied=False)))
    assert "2: younger than asked for" in told
    assert "1: a phase was closed on it" in told
    assert "\ngone\n  record\n  20260301T100000000000Z-phase2-0123abcd\n" in told
    assert "no, this is a dry run" in told
    nothing = Pruned("h", Thinning({}, []), applied=False)
    assert "there is nothing to do" in draw(history_prune.page(nothing))
    assert history_prune.data(nothing) == {"branch": "h", "kept": {}, "gone": [], "applied": False}


def test_a_record_whose_files_cannot_be_read_has_no_lines_for_a_provider(record):
    one = record()
    told = history_show.cobertura(Shown(one, Detail(FORMAT, {"a.py": FileFigures(Counts(1, 1), ((3, 3),))}), [], "x/"))
    assert 'filename="x/a.py"' in told
    with pytest.raises(NotMetError, match="cannot be read"):
        history_show.cobertura(Shown(one, None))
