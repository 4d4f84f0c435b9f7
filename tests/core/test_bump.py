import configparser
import tomllib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_roadmap.core.bump import Edit, plan, read_target
from coverage_roadmap.core.site import find
from coverage_roadmap.core.site import settings as parsed
from coverage_roadmap.errors import NotMetError, UsageError

CONFIG = "[tool.coverage-roadmap]\nthreshold = 55 # now\n"
INI = "[pytest]\naddopts = -q --cov-fail-under=55\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [("60", 60), ("60.5", "60.5"), ("0", 0), ("100", 100), (" 60 ", 60), ("60.123456", "60.123456"), ("6e1", 60)],
)
def test_a_target_is_a_percentage(text, value):
    assert read_target(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "sixty", "60 %", "60,5", "-1", "100.01", "101", "nan", "inf", "-inf", "1e9", "60.1234567", "1e-7"]
)
def test_what_is_no_percentage_or_too_fine_for_the_config_is_refused(text):
    with pytest.raises(UsageError):
        read_target(text)


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


def test_a_file_that_cannot_be_parsed_is_not_edited(record):
    with pytest.raises(UsageError, match="cannot be edited safely"):
        bump(record, {"pytest.ini": f"stray\n{INI}"})


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
    assert [site.value for site in find(file, text)] == ([60] if "fail_under = 60" in text else [])


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


LINES = st.sampled_from(
    [
        *("[pytest]", "[tool:pytest]", "[report]", "[coverage:report]", "[tool.coverage-roadmap]", " [ pytest ] ; x"),
        *("[tool.pytest.ini_options]", "[tool.coverage.report]", "[[tool.coverage-roadmap.phases]]", "[other]"),
        *(
            "addopts = -q --cov-fail-under=55",
            "addopts=--cov-fail-under  55.50 -q",
            "  --cov-fail-under=40",
            "addopts =",
        ),
        *('addopts = "-q --cov-fail-under=55"', 'addopts = ["--cov-fail-under", "55"]', "addopts = ["),
        *('  "--cov-fail-under=5",', "]", "'--cov-fail-under','7'", "--cov-fail-under=55--cov-fail-under=60x"),
        *("threshold = 55", "threshold=55.5  # now", "\tthreshold =   7", "threshold = 5.5.5", 'threshold = "55"'),
        *("fail_under = 55 # x", "fail-under: 55", "fail_under=  1 ; y", "    fail_under = 3", "fail_under = 60."),
        *(
            "# fail_under = 55",
            "; --cov-fail-under=3",
            '"""',
            'x = """',
            "exclude_lines =",
            "",
            "   ",
            "é = 'ü'",
            "name",
        ),
        *("\x0cthreshold = 9", "addopts = \u2028--cov-fail-under=3", "fail_under = 9\x0b", "%(x)s = ${Y}", "=", "["),
    ]
)
FILES = st.sampled_from(["pytest.ini", "pyproject.toml", ".coveragerc", "setup.cfg", "tox.ini"])


BLOCKS = st.sampled_from(
    [
        *(["[pytest]", "addopts =", "  --cov-fail-under=5", "\t-q"], ["[tool:pytest]", "addopts = --cov-fail-under 6"]),
        *(["[report]", "exclude_lines =", "    fail_under = 3"], ["[coverage:report]", "fail_under : 55 ; x"]),
        *(
            ["[tool.coverage-roadmap]", "threshold=55.50"],
            ["[tool.coverage.report]", "fail_under =  7  # fail_under = 9"],
        ),
        ["[tool.pytest.ini_options]", 'addopts = ["-q", "--cov-fail-under", "5"] # --cov-fail-under=3'],
        ["[tool.pytest]", 'addopts = """', "--cov-fail-under=5", '"""'],
    ]
)
TEXTS = st.lists(st.one_of(LINES.map(lambda line: [line]), BLOCKS), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(FILES, TEXTS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_bump_changes_the_characters_of_values_alone_or_is_refused(record, file, blocks, newline, ends):
    text = newline.join(line for block in blocks for line in block) + (newline if ends else "")
    found = find(file, text)
    try:
        decided = plan({file: text}, Decimal("99.5"), record(covered=100), Decimal(0))
    except UsageError:
        assert parsed(file, text) is None
        return
    if not found:
        assert decided.edits == []
        return
    pieces, last = [], 0
    for site in found:
        assert Decimal(text[site.start : site.end]) == site.value
        pieces.append(text[last : site.start])
        last = site.end
    (edit,) = decided.edits
    assert edit.after == "99.5".join([*pieces, text[last:]])
    assert [site.value for site in find(file, edit.after)] == [Decimal("99.5")] * len(found)
    assert set(keys(file, edit.after)) == set(keys(file, text))


def keys(file, text):
    if file.endswith(".toml"):
        tables = {name: item for name, item in tomllib.loads(text).items() if isinstance(item, dict)}
        return [(section, key) for section, table in tables.items() for key in table]
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    return [(section, key) for section in parser.sections() for key in parser[section]]
