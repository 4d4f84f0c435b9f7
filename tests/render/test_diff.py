"""A diff shown and told: lines and branches apart, why it moved, long lists cut and said; nothing in a name escapes."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.core.lineage import between
from coverage_roadmap.core.lines import lines
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render import diff, diff_data
from coverage_roadmap.render.page import Page

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
HOSTILE = "src/<script>|`x`@team\u202e\u001b[31m\n# [x](y)&lt;.py"


def side(label, branch=False, **files):
    """Files with their covered and missed lines; with branches line 1 has two, one of them taken."""
    taken, untaken = ([(1, 2)], [(1, 3)]) if branch else ([], [])
    counts = {path: Counts(len(c) + len(m), len(m), 0, 2 * branch, 1 * branch) for path, (c, m) in files.items()}
    return Side(
        label,
        counts,
        branch,
        lambda path: lines(counts[path], *files[path], taken, untaken),
        kind="full",
        python="3.11",
    )


def compared(before, after, lineage=None):
    return compare(before, after, Decimal(50), lineage)


def page(found):
    return Page("Coverage diff", diff.sections(found))


MOVED = compared(
    side("old", **{"p/a.py": ([1, 2], [3, 4]), "p/old.py": ([1], []), "p/left.py": ([1], []), "q/low.py": ([], [1])}),
    side("new", **{"p/a.py": ([1, 3], [2, 4, 5]), "q/new.py": ([1], []), "p/in.py": ([], [1]), "q/low.py": ([], [1])}),
    between([FileDiff("p/a.py", "p/a.py", (Hunk(4, 0, 5, 1),)), FileDiff("p/old.py", "q/new.py")], []),
)


def test_the_page_says_why_the_total_moved_and_which_lines(draw):
    shown = re.sub(r" +", " ", draw(page(MOVED)))
    for line in (
        "before 57.14",
        "new code 0 of 1 - -7.14 50.00",
        "scope changed 0 of 1 1 of 1 -12.50 37.50",
        "p/in.py - 0.00 measured now",
        "p/left.py 100.00 - not measured",
        "was p/old.py: now q/new.py",
        "p 66.66 33.33 -33.33",
        "p/a.py 5",
    ):
        assert line in shown
    headings = ["unchanged lines newly covered", "unchanged lines newly missed", "new lines missed", "renamed"]
    assert [f"\n{heading}\n" in shown for heading in headings] == [True] * 4


def test_lines_and_branches_are_told_apart(draw):
    found = compared(side("old", True, x=([1, 2], [3, 4])), side("new", True, x=([1, 2, 3], [4]), y=([1], [])))
    shown = re.sub(r" +", " ", draw(page(found)))
    assert "from old: 50.00 % (3 of 6), lines 50.00 %, branches 50.00 %" in shown
    assert "x 50.00 75.00 50.00 50.00 +16.66" in shown
    assert "y - 100.00 - 50.00 new" in shown
    told = diff_data.data(found)["files"][1]["after"]
    assert [told[key] for key in ("percent", "line_percent", "branch_percent")] == [66.66, 75.0, 50.0]


def test_a_side_without_branches_says_so_and_shows_no_percent_of_them(draw):
    found = compared(side("old", x=([1, 2], [3, 4])), side("new", True, x=([1, 2, 3], [4])))
    shown = re.sub(r"\s+", " ", draw(page(found)))
    assert (
        "old: 50.00 % (2 of 4), lines 50.00 %, no branches to new: 66.66 % (4 of 6), lines 75.00 %, branches" in shown
    )


def test_a_long_list_is_cut_on_the_page_and_said_and_whole_in_the_data(draw):
    names = [f"m{n:02}.py" for n in range(40)]
    old = {name: ([1], [2]) for name in names}
    found = compared(side("old", **old), side("new", **{name: ([2], [1]) for name in names}))
    assert len(diff_data.data(found)["files"]) == 40
    shown = draw(page(found))
    assert shown.count("and  10 more: invoke diff --format json has all") == 3
    assert ("m29.py" in shown, "m30.py" in shown) == (True, False)
    renamed = between([FileDiff(name, f"x/{name}") for name in names], [])
    moved = compared(side("old", **old), side("new", **{f"x/{name}": lines for name, lines in old.items()}), renamed)
    assert "was  m00.py: now x/m00.py" in draw(page(moved))


def test_what_was_below_before_stands_last_and_the_worst_of_it_is_named(draw):
    low = {f"m{n:02}.py": ([1], list(range(2, 4 + n))) for n in range(12)}
    found = compared(side("old", **low), side("new", **low))
    shown = draw(page(found))
    last = shown.split("still below 50 %")[1]
    assert "and  2 more: invoke diff --format json has all" in last
    assert [name in last for name in ("m00.py", "m01.py", "m02.py", "m11.py")] == [False, False, True, True]
    assert last.index("m11.py") < last.index("m10.py")
    assert shown.index("files  none changed") < shown.index("still below 50 %")
    assert len(diff_data.data(found)["still_below"]) == 12


@pytest.mark.parametrize("found", [MOVED, compared(side("e"), side("x", **{HOSTILE: ([1], [2])}))])
def test_the_data_are_as_the_published_schema_has_them(found):
    data = json.loads(json.dumps(diff_data.data(found)))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert all(name in data for name in SCHEMA["required"])
    gated = diff_data.data(found, Verdict("q", Answer.UNKNOWN, "r"))
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(gated)))
    assert gated["gate"] == {"question": "q", "answer": "unknown", "reason": "r"}
    for broken in ({"format": 2}, {"points": "x"}, {"parts": [{}]}, {"files": [{"path": 1}]}):
        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors({**data, **broken}))


def test_the_parts_in_the_data_add_up_exactly():
    data = diff_data.data(MOVED)
    assert sum(Fraction(part["exact"]) for part in data["parts"]) == Fraction(data["exact"])
    came, gone = (sum(part[way]["total"] for part in data["parts"]) for way in ("came", "gone"))
    assert came - gone == data["to"]["totals"]["statements"] - data["from"]["totals"]["statements"]


def test_nothing_in_a_files_name_escapes_into_any_view(draw, write):
    old, new = {HOSTILE: ([1], [2]), "z": ([1], [])}, {f"x{HOSTILE}": ([2], [1]), f"{HOSTILE}/y": ([], [1])}
    found = compared(side(HOSTILE, **old), side(HOSTILE, **new), between([FileDiff(HOSTILE, f"x{HOSTILE}")], []))
    text, marked = draw(page(found)), write(page(found))
    for shown in (text, marked, json.dumps(diff_data.data(found))):
        assert not re.search("[\u202e\u001b]", shown)
    assert "<script>" not in marked.replace("\\<script\\>", "")
    assert "@team" not in marked
    assert not re.search(r"^# ", marked + text, re.MULTILINE)
    assert not re.search(r"(?<!\\)`", marked)
    for table in re.findall(r"(?:^\|.*\n)+", marked, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1
