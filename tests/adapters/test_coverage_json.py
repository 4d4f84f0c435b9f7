"""coverage.json files: coverage.py's own, and hostile ones."""

import json
import subprocess
import sys
from fractions import Fraction

import pytest

from coverage_roadmap.adapters import coverage_json
from coverage_roadmap.errors import RecordError

CODE = "import sys\nif len(sys.argv) > 1:\n    print('more')\nfor i in range(2):\n    pass\nx = 1 if i else 2\n"


@pytest.mark.parametrize("branch", [True, False])
def test_a_real_file_gives_coverages_own_figures(tmp_path, branch):
    (tmp_path / "some.py").write_text(CODE)
    (tmp_path / "never.py").write_text("def f():\n    return 1  # pragma: no cover\n\n\ny = 2\n")
    for words in (["run", *(["--branch"] if branch else []), "--source=.", "some.py"], ["json", "-o", "c.json"]):
        subprocess.run(
            [sys.executable, "-m", "coverage", *words], cwd=tmp_path, check=True, capture_output=True, timeout=60
        )
    totals = json.loads((tmp_path / "c.json").read_text())["totals"]
    side = coverage_json.read(tmp_path / "c.json", "week 1")
    assert (side.label, side.branch, side.selection) == ("week 1", branch, None)
    assert sorted(side.files) == ["never.py", "some.py"]
    joined = side.totals
    assert (joined.statements, joined.missing) == (totals["num_statements"], totals["missing_lines"])
    assert joined.excluded == totals["excluded_lines"]
    assert (joined.branches, joined.missing_branches) == (
        totals.get("num_branches", 0),
        totals.get("missing_branches", 0),
    )
    assert float(joined.ratio.percent) == pytest.approx(totals["percent_covered"])


@pytest.mark.parametrize("number", [2, 3])
def test_the_known_formats_are_read_and_what_is_more_is_passed_over(tmp_path, number):
    summary = {"num_statements": 3, "missing_lines": 1, "percent_covered_display": "67", "new": {}}
    data = {"meta": {"format": number, "show_contexts": True}, "files": {"a.py": {"summary": summary, "classes": {}}}}
    (tmp_path / "c.json").write_text(json.dumps(data))
    side = coverage_json.read(tmp_path / "c.json", "c")
    assert side.files["a.py"].ratio.percent == Fraction(200, 3)


def hostile(**summary):
    numbers = {"num_statements": 3, "missing_lines": 1, **summary}
    return json.dumps({"meta": {"format": 3}, "files": {"a\u001b.py": {"summary": numbers}}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no coverage.json"),
        ("null", "is no coverage.json"),
        ("[" * 100_000, "is no coverage.json"),
        ('{"files": {}}', "is no coverage.json"),
        ('{"meta": {"format": 3}, "files": {"a": {}}}', "is no coverage.json"),
        ('{"meta": {"format": 1}, "files": {}}', "is of format 1"),
        ('{"meta": {"format": 4}, "files": {}}', "is of format 4, which we do not know"),
        ('{"meta": {}, "files": {}}', "is of format 1"),
        (hostile(missing_lines=4), "has impossible counts for a"),
        (hostile(missing_branches=1), "has impossible counts"),
        (hostile(num_statements=-1), "is no coverage.json"),
        (hostile(excluded_lines=-1), "is no coverage.json"),
        (hostile(num_statements=10**40), "is no coverage.json"),
        (hostile(num_statements=2.5), "is no coverage.json"),
        (hostile(num_statements=None), "is no coverage.json"),
        (hostile(num_statements="3"), "is no coverage.json"),
    ],
)
def test_a_file_that_is_none_is_named_with_what_to_do(tmp_path, text, said):
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(RecordError, match=said) as caught:
        coverage_json.read(tmp_path / "c.json", "week 1")
    assert caught.value.where == "week 1"
    assert caught.value.next_step == "write it anew with: coverage json"


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        coverage_json.read(tmp_path, "folder")
