from decimal import Decimal

import pytest

from coverage_roadmap.core.bump import Edit, automatic, message, plan
from coverage_roadmap.core.sites import find
from coverage_roadmap.core.sites.site import Found, Site
from coverage_roadmap.errors import NotMetError, UsageError

CONFIG = "[tool.coverage-roadmap]\nthreshold = 55 # now\n"
INI = "[pytest]\naddopts = -q --cov-fail-under=55\n"


def bump(record, texts, to="60", present=55, **given):
    return plan(texts, Decimal(to), record(**given), Decimal(present))


def test_every_site_is_raised_and_nothing_else_changes(record):
    texts = {"pytest.ini": INI, "pyproject.toml": CONFIG, "setup.cfg": "[metadata]\nname = x\n"}
    decided = bump(record, texts, "60.50")
    assert [(e.file, e.before, e.after) for e in decided.edits] == [
        ("pytest.ini", INI, INI.replace("55", "60.5")),
        ("pyproject.toml", CONFIG, CONFIG.replace("55", "60.5")),
    ]
    assert [site.where for edit in decided.edits for site in edit.sites] == ["pytest.ini:2", "pyproject.toml:2"]
    assert (decided.to, decided.unchanged) == (Decimal("60.50"), [])
    assert decided.evidence == record()


def test_a_site_that_demands_it_already_stays_as_it_is_written(record):
    decided = bump(record, {"pytest.ini": INI.replace("55", "60.0"), "pyproject.toml": CONFIG})
    assert [edit.file for edit in decided.edits] == ["pyproject.toml"]
    assert [site.where for site in decided.unchanged] == ["pytest.ini:2"]


def test_a_bump_to_what_is_demanded_everywhere_edits_nothing(record):
    assert bump(record, {"pytest.ini": INI, "pyproject.toml": CONFIG}, "55").edits == []


@pytest.mark.parametrize(
    ("texts", "to", "present", "named"),
    [
        ({"pytest.ini": INI, "pyproject.toml": CONFIG}, "54.99", 55, "pytest.ini:2 demands 55"),
        ({"pytest.ini": INI.replace("55", "70"), "pyproject.toml": CONFIG}, "60", 55, "pytest.ini:2 demands 70"),
        ({}, "54", 55, "threshold demands 55"),
    ],
)
def test_a_bump_never_goes_down_at_any_site(record, texts, to, present, named):
    with pytest.raises(UsageError, match=f"only raises: {named}"):
        bump(record, texts, to, present)


@pytest.mark.parametrize(
    ("given_", "to", "said"),
    [
        ({"covered": 5999, "total": 10000}, "60", "59.99 %: CI would turn red.*cover 1 more line first"),
        ({"covered": 69996, "total": 100000}, "70", "69.99 %: CI would turn red.*cover 4 more lines first"),
        ({"covered": 0, "total": 0}, "60", "nothing was measured"),
    ],
)
def test_a_bump_never_goes_above_the_evidence(record, given_, to, said):
    with pytest.raises(NotMetError, match=f"(?s){said}"):
        bump(record, {"pyproject.toml": CONFIG}, to, **given_)


def test_a_bump_to_exactly_the_evidence_is_taken(record):
    assert bump(record, {"pyproject.toml": CONFIG}, "70", covered=70, total=100).edits


def test_without_evidence_there_is_no_bump():
    with pytest.raises(NotMetError, match="no evidence"):
        plan({"pyproject.toml": CONFIG}, Decimal(60), None, Decimal(55))


def test_a_file_that_cannot_be_parsed_is_said_and_not_touched(record):
    decided = bump(record, {"pytest.ini": f"stray\n{INI}", "pyproject.toml": CONFIG})
    assert [edit.file for edit in decided.edits] == ["pyproject.toml"]
    assert [(u.where, u.reason) for u in decided.unclear] == [("pytest.ini:1", "it cannot be parsed")]


def test_what_is_given_as_ours_is_raised_alone(record):
    texts = {"a.sh": "pytest --cov --cov-fail-under=55\n", "b.sh": "pytest --cov --cov-fail-under=$X\n"}
    ours = find("a.sh", texts["a.sh"])
    decided = plan(texts, Decimal(60), record(), Decimal(55), found=ours)
    assert ([edit.file for edit in decided.edits], decided.unclear) == (["a.sh"], [])
    every = plan(texts, Decimal(60), record(), Decimal(55))
    assert [unclear.where for unclear in every.unclear] == ["b.sh:1"]


def test_a_value_keeps_its_own_style(record):
    texts = {
        "codecov.yml": "coverage: {status: {project: {default: {target: '55%'}}}}\n",
        ".github/workflows/ci.yml": 'env:\r\n  COV_FAIL_UNDER: "55" # now\r\n',
        "noxfile.py": "COV_FAIL_UNDER = 55.0\n",
    }
    decided = bump(record, texts, "60.5")
    assert {edit.file: edit.after for edit in decided.edits} == {
        "codecov.yml": "coverage: {status: {project: {default: {target: '60.5%'}}}}\n",
        ".github/workflows/ci.yml": 'env:\r\n  COV_FAIL_UNDER: "60.5" # now\r\n',
        "noxfile.py": "COV_FAIL_UNDER = 60.5\n",
    }
    assert decided.unclear == []


@pytest.mark.parametrize(
    ("file", "text", "written", "after"),
    [
        ("noxfile.py", "x = 'ab'\n", "'a", "it would not parse"),
        ("noxfile.py", "COV = 1\n", "CO", "a name"),
        ("noxfile.py", "x = 'ab', 'COV'\n", "ab', 'CO", "two texts into one"),
        ("x.sh", "COV a b\n", "a b", "fewer words"),
        ("README", "55\n", "55", "a file of no kind that is known"),
    ],
)
def test_an_edit_that_would_change_more_than_values_is_refused(record, file, text, written, after):
    start = text.index(written)
    wrong = Site(file, 1, Decimal(55), start, start + len(written))
    decided = plan({file: text}, Decimal(60), record(), Decimal(55), found=Found((wrong,)))
    assert decided.edits == [], after
    assert [(u.where, u.reason.partition(":")[0]) for u in decided.unclear] == [
        (f"{file}:1", "cannot be edited safely")
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pytest.ini", "[pytest]\nmarkers =\n  slow: unlike --cov-fail-under=55\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = -q\n#  --cov-fail-under=55\n"),
        (".coveragerc", "[report]\nexclude_lines =\n    fail_under = 55\n"),
        (".coveragerc", "[report]\nfail_under = 55\nfail_under = 60\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-q"  # was --cov-fail-under=55\n'),
        ("pyproject.toml", 'x = """\n[tool.coverage-roadmap]\nthreshold = 55\n"""\n'),
        ("pyproject.toml", '[tool.coverage.report]\nexclude_also = ["""\nfail_under = 55\n"""]\n'),
    ],
)
def test_a_number_that_no_tool_reads_there_is_no_site(file, text):
    assert [site.value for site in find(file, text).sites] == ([60] if "fail_under = 60" in text else [])


def test_the_diff_shows_the_lines_that_change_and_a_missing_line_end():
    edit = Edit("pytest.ini", "[pytest]\naddopts = 5", "[pytest]\naddopts = 6", ())
    assert edit.diff().splitlines() == [
        *("--- a/pytest.ini", "+++ b/pytest.ini", "@@ -1,2 +1,2 @@", " [pytest]"),
        *("-addopts = 5", "\\ No newline at end of file", "+addopts = 6", "\\ No newline at end of file"),
    ]


def test_the_diff_breaks_lines_at_line_ends_alone_and_its_head_cannot_be_forged():
    edit = Edit("a\n+++ b/evil", "x\x0cy\u2028z\nold\n", "x\x0cy\u2028z\nnew\n", ())
    assert edit.diff().split("\n")[:4] == [
        "--- a/a\\n+++ b/evil",
        "+++ b/a\\n+++ b/evil",
        "@@ -1,2 +1,2 @@",
        " x\x0cy\u2028z",
    ]


@pytest.mark.parametrize(
    ("covered", "headroom", "present", "to"),
    [(6999, "0.5", 55, "69.49"), (7000, "0", 55, "70"), (5510, "0.5", 55, "55"), (3000, "0.5", 55, "55")],
)
def test_the_evidence_less_headroom_is_taken_and_never_less_than_there_is(record, covered, headroom, present, to):
    evidence = record(covered=covered, total=10000)
    assert automatic(evidence, Decimal(headroom), Decimal(present)) == Decimal(to)


def test_without_evidence_nothing_can_be_taken_from_it(record):
    for evidence in (None, record(covered=0, total=0)):
        with pytest.raises(NotMetError, match="no evidence to take it from"):
            automatic(evidence, Decimal(0), Decimal(55))


def test_only_with_leave_a_threshold_is_lowered(record):
    lowered = plan({"pytest.ini": INI}, Decimal(40), record(), Decimal(55), may_lower=True)
    assert [edit.after for edit in lowered.edits] == [INI.replace("55", "40")]


def test_a_commits_message_names_the_evidence(record):
    decided = bump(record, {"pytest.ini": INI})
    first, empty, second = message(decided).splitlines()
    assert (first, empty) == ("Coverage threshold: 60 %", "")
    assert second.startswith("Evidence: ")
    assert record().id in second
