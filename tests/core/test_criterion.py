from decimal import Decimal

import pytest

from coverage_roadmap.core.criterion import Facts, judge, judge_all
from coverage_roadmap.core.measurement import Failure, Kind, Outcomes
from coverage_roadmap.core.roadmap import BoardClosed, Coverage, DocumentedInPr, Green, Threshold, build
from coverage_roadmap.core.sites.site import Site
from coverage_roadmap.core.verdict import Answer, Verdict

BROKEN = Outcomes(collected=3, passed=2, failed=(Failure("t", "call"),))
FAR = tuple("abcdefgh")


def answer(criterion, facts):
    verdict = judge(criterion, facts)
    return verdict.answer, verdict.reason


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], (Answer.UNKNOWN, "no full run of this phase is recorded here")),
        ([{"kind": Kind.PARTIAL}], (Answer.UNKNOWN, "no full run of this phase is recorded here")),
        ([{}], (Answer.MET, "3 passed")),
        ([{"head": None, "canonical": False}], (Answer.MET, "3 passed on Python 3.12")),
        ([{"kind": Kind.PARTIAL}, {}], (Answer.MET, "3 passed")),
        ([{"outcomes": Outcomes(9, 4, skipped=2, xfailed=3)}], (Answer.MET, "4 passed, 2 skipped, 3 xfailed")),
        ([{"outcomes": BROKEN}, {}], (Answer.NOT_MET, "1 of 3 tests failed")),
        ([{"canonical": False}, {}], (Answer.MET, "3 passed")),
        ([{"canonical": False}, {"outcomes": BROKEN}, {}], (Answer.NOT_MET, "1 of 3 tests failed")),
        ([{"canonical": False, "tree": "y"}, {"outcomes": BROKEN}], (Answer.MET, "3 passed on Python 3.12")),
        ([{"outcomes": BROKEN, "canonical": False}, {}], (Answer.NOT_MET, "1 of 3 tests failed on Python 3.12")),
        ([{}, {"outcomes": BROKEN, "canonical": False}], (Answer.NOT_MET, "1 of 3 tests failed on Python 3.12")),
        ([{}, {"outcomes": BROKEN, "canonical": False, "tree": "y"}], (Answer.MET, "3 passed")),
        ([{}, {"canonical": False}, {"outcomes": BROKEN, "canonical": False}], (Answer.MET, "3 passed")),
        ([{"outcomes": Outcomes(2, 1, flaky=("t",))}], (Answer.NOT_MET, "1 flaky test")),
        ([{"kind": Kind.TIMED_OUT, "reasons": ("late",)}, {}], (Answer.NOT_MET, "the run is timed-out: late")),
        (
            [{"kind": Kind.PARTIAL, "reasons": ("1 file",), "outcomes": Outcomes(not_imported=(Failure("f", "x"),))}],
            (Answer.NOT_MET, "the run is partial: 1 file"),
        ),
    ],
)
def test_green_is_the_newest_whole_run_without_failure(record, records, expected):
    assert answer(Green(), Facts(records=[record(**r) for r in records], legs=["3.12", "3.13"])) == expected


def test_a_run_on_a_python_outside_of_the_matrix_neither_bars_green_nor_gives_it(record):
    strange = record(canonical=False, outcomes=BROKEN)
    assert answer(Green(), Facts(records=[strange, record()], legs=["3.13"])) == (Answer.MET, "3 passed")
    passed = record(canonical=False)
    assert answer(Green(), Facts(records=[passed])) == (Answer.UNKNOWN, "Python 3.12 is not in the matrix")


def coverage(at_least=66, runs=1, days=0):
    table = {"criterion": "coverage", "at-least": at_least, "sustained-runs": runs, "sustained-days": days}
    return build(Coverage, table)


@pytest.mark.parametrize(
    ("records", "reachable", "expected"),
    [
        ([], FAR, (Answer.UNKNOWN, "no full run of this phase is recorded here")),
        ([{"canonical": False}], FAR, (Answer.UNKNOWN, "Python 3.12 is not the canonical leg")),
        ([{"canonical": False, "covered": 10}, {}], FAR, (Answer.MET, "70.00")),
        ([{"covered": 0, "total": 0}], FAR, (Answer.NOT_MET, "nothing was measured")),
        ([{"covered": 65}], FAR, (Answer.NOT_MET, "65.00: 1 more line to cover")),
        ([{"covered": 65999, "total": 100_000}], FAR, (Answer.NOT_MET, "65.99: 1 more line to cover")),
        ([{}], None, (Answer.UNKNOWN, "70.00 here; no git")),
        ([{}], FAR, (Answer.MET, "70.00")),
        ([{"commit": "z"}], FAR, (Answer.UNKNOWN, "0 of 1 on the default branch")),
        ([{"commit": None}], FAR, (Answer.UNKNOWN, "0 of 1 on the default branch")),
        ([{"head": "x"}], FAR, (Answer.UNKNOWN, "0 of 1 on the default branch; source differ from the commit")),
    ],
)
def test_coverage_needs_evidence_on_the_default_branch(record, records, reachable, expected):
    own = [record(**{"commit": "a", **r}) for r in records]
    facts = Facts(records=own, reachable=reachable, unreached="no git")
    assert answer(coverage(), facts) == expected


def test_what_lacks_lines_is_about_them_and_what_another_run_would_mend_is_not(record):
    lacking = judge(coverage(), Facts(records=[record(covered=65)], reachable=FAR))
    failing = judge(coverage(), Facts(records=[record(), record(commit="a", covered=0, total=0)], reachable=FAR))
    assert (lacking.about, failing.about) == ("1 more line", "")


TREES = [{"commit": "a", "tree": "1"}, {"commit": "b", "tree": "2"}, {"commit": "c", "tree": "3"}]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (TREES, (Answer.MET, "70.00 over 3 trees")),
        (TREES[:1] * 3, (Answer.UNKNOWN, "1 of 3 on the default branch")),
        ([TREES[0], {**TREES[1], "commit": "z"}, TREES[2]], (Answer.UNKNOWN, "2 of 3 on the default branch")),
        ([TREES[0], {**TREES[1], "covered": 60}, TREES[2]], (Answer.NOT_MET, "60.00 at b")),
        ([TREES[0], {**TREES[1], "outcomes": BROKEN}], (Answer.NOT_MET, "the run at b had failing tests")),
        ([TREES[0], {**TREES[1], "kind": Kind.TIMED_OUT}], (Answer.NOT_MET, "the run at b is timed-out")),
        ([TREES[0], {**TREES[1], "kind": Kind.PARTIAL}, *TREES[1:]], (Answer.MET, "70.00 over 3 trees")),
        ([*TREES[:2], {**TREES[1], "outcomes": BROKEN}, TREES[2]], (Answer.MET, "70.00 over 3 trees")),
        ([TREES[0], {**TREES[1], "canonical": False}, *TREES[1:]], (Answer.MET, "70.00 over 3 trees")),
    ],
)
def test_sustained_is_the_newest_run_of_each_of_the_last_trees(record, records, expected):
    facts = Facts(records=[record(**r) for r in records], reachable=FAR)
    assert answer(coverage(runs=3), facts) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(9, (Answer.MET, "70.00 over 2 trees")), (10, (Answer.UNKNOWN, "spans 9 of 10 days"))],
)
def test_sustained_days_must_be_spanned(record, days, expected):
    new, old = record(**TREES[0], started="2026-03-10T10:00:00+00:00"), record(**TREES[1])
    assert answer(coverage(days=days), Facts(records=[new, old], reachable=FAR)) == expected


def test_what_is_met_by_an_older_run_than_the_newest_says_of_which_commit_it_is(record):
    own = [record(**{**TREES[0], "commit": "z", "covered": 80}), record(**TREES[1])]
    assert answer(coverage(), Facts(records=own, reachable=FAR)) == (Answer.MET, "70.00 at b")


def test_a_sustained_question_says_over_how_many_trees():
    assert judge(coverage(Decimal("66.5"), 3), Facts()).question == "coverage at least 66.5, sustained over 3 trees"


def site(value, line=3):
    return Site("ci.yml", line, Decimal(value), 0, 0)


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        (None, (Answer.UNKNOWN, "there is no commit to read the sites from")),
        ([], (Answer.NOT_MET, "no site demands a threshold")),
        ([site(70)], (Answer.MET, "1 site, as committed")),
        ([site(70), site(80)], (Answer.MET, "2 sites, as committed")),
        ([site(70), site("69.5")], (Answer.NOT_MET, "ci.yml:3 69.5")),
        ([site(1, n) for n in range(1, 5)], (Answer.NOT_MET, "ci.yml:1 1, ci.yml:2 1 and 2 more")),
    ],
)
def test_a_threshold_is_to_be_demanded_everywhere(sites, expected):
    criterion = build(Threshold, {"criterion": "threshold", "at-least": 70})
    assert answer(criterion, Facts(sites=sites)) == expected


MET, NOT_MET = Verdict("a", Answer.MET, "fine"), Verdict("b", Answer.NOT_MET, "src/b.py 3.00 of 60")


@pytest.mark.parametrize(
    ("stories", "expected"),
    [
        ({"a": MET, "b": MET}, (Answer.MET, "a, b")),
        ({"a": MET, "b": NOT_MET}, (Answer.NOT_MET, "b: src/b.py 3.00 of 60")),
        ({"a": MET}, (Answer.UNKNOWN, "b: not looked at")),
    ],
)
def test_a_board_is_closed_when_each_story_is_done(stories, expected):
    criterion = BoardClosed(stories=["a", "b"])
    assert answer(criterion, Facts(stories=stories)) == expected


def test_criteria_are_judged_in_the_config_s_order():
    criteria = [DocumentedInPr(stories=["a"]), Green()]
    verdicts = judge_all(criteria, Facts())
    assert [(v.question, v.answer) for v in verdicts] == [
        ("documented in a PR", Answer.UNKNOWN),
        ("green", Answer.UNKNOWN),
    ]
