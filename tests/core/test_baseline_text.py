import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.baseline_text import decode, encode
from coverage_roadmap.errors import RecordError

WHERE = "coverage-baseline.json"


@given(st.data())
def test_a_baseline_is_the_same_after_its_text_and_the_text_to_the_byte(baselines, data):
    one = data.draw(baselines)
    text = encode(one)
    assert decode(text, WHERE) == one
    assert encode(decode(text, WHERE)) == text
    assert decode(text.replace(b"\n", b"\r\n"), WHERE) == one
    assert decode(json.dumps(json.loads(text), indent=1).encode(), WHERE) == one
    assert text.endswith(b"}\n")


def test_each_file_package_test_file_and_pattern_has_its_line(baseline):
    base = baseline(
        {"src/b.py": (10, 2, 1, 4, 3), "src/é.py": (3,), "src/new.py": (4, 4)},
        new=("src/new.py",),
        pragmas={"src/b.py": (7, 9)},
        unmeasured=("src/y.py", "src/x.py"),
        tests={"tests/test_a.py": (3, 2, 1)},
        omit=("*/x.py", "*/y.py"),
        branch=True,
    )
    lines = encode(base).decode().splitlines()
    for line in (
        '    "src/b.py": {"statements": 10, "missing": 2, "branches": 4, "missing_branches": 3, "excluded": 1},',
        '    "src/new.py": {"statements": 4, "missing": 4, "floor": false},',
        '    "src/é.py": {"statements": 3}',
        '    "src": {"statements": 13, "missing": 2, "excluded": 1, "branches": 4, "missing_branches": 3}',
        '    "src/b.py": [7, 9]',
        '    "src/x.py",',
        '    "src/y.py"',
        '    "tests/test_a.py": {"collected": 3, "passed": 2, "skipped": 1}',
        '      "*/x.py",',
        '    "include": [],',
    ):
        assert line in lines
    assert json.loads("\n".join(lines))["format"] == 0


def test_a_change_of_one_file_changes_its_line_and_the_sums(baseline):
    before = encode(baseline({f"src/{n}.py": (10, 2) for n in range(50)})).splitlines()
    after = encode(baseline({f"src/{n}.py": (10, 1 if n == 7 else 2) for n in range(50)})).splitlines()
    changed = [line for one, line in zip(before, after, strict=True) if one != line]
    assert [line.split(b":")[0].strip() for line in changed] == [b'"totals"', b'"src/7.py"', b'"src"']


@pytest.mark.parametrize(
    ("marker", "line"),
    [("<<<<<<< HEAD\n", 3), ("=======\n", 3), (">>>>>>> topic\n", 3), ("||||||| base\n", 3), ("=======\r\n", 3)],
)
def test_a_conflict_marker_is_named_with_its_line(baseline, marker, line):
    lines = encode(baseline({})).decode().splitlines(keepends=True)
    lines.insert(2, marker)
    with pytest.raises(RecordError, match="conflict marker") as raised:
        decode("".join(lines).encode(), WHERE)
    assert raised.value.where == f"{WHERE}:{line}"
    assert "git checkout -m" in raised.value.next_step


def test_a_marker_in_a_name_is_none(baseline):
    base = baseline({"src/=======.py": (1,), "<<<<<<< HEAD": (2,)})
    assert decode(encode(base), WHERE) == base


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda text: b"", "no whole baseline"),
        (lambda text: text[: len(text) // 2], "no whole baseline"),
        (lambda text: text[:-3], "no whole baseline"),
        (lambda text: b"[]", "no whole baseline"),
        (lambda text: b"\xff\xfe{}", "no whole baseline"),
        (lambda text: b"[" * 200_000, "no whole baseline"),
        (lambda text: text.replace(b'"format": 0', b'"format": 3'), "is of format 3, made by a newer coverage-roadmap"),
        (lambda text: text.replace(b'"format": 0', b'"format": 3, "more": 1'), "is of format 3"),
        (lambda text: text.replace(b'"format": 0', b'"format": -1'), "no whole baseline"),
        (lambda text: text.replace(b'"format": 0', b'"format": 0, "more": 1'), "no whole baseline"),
        (lambda text: text.replace(b'"missing": 2', b'"missing": 12'), "more is missing than there is"),
        (lambda text: text.replace(b'"missing": 2', b'"missing": 1e99'), "no whole baseline"),
        (lambda text: text.replace(b'"src/a.py"', b'"' + b"a" * 5000 + b'"'), "no whole baseline"),
    ],
)
def test_what_is_no_whole_baseline_or_a_newer_one_is_refused_with_what_to_do(baseline, broken, told):
    text = encode(baseline({"src/a.py": (10, 2)}))
    with pytest.raises(RecordError, match=told) as raised:
        decode(broken(text), WHERE)
    assert raised.value.where == WHERE
    assert raised.value.next_step


LOOSER = b'    "src/a.py": {"statements": 10, "missing": 2},'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            b'a.py": {"statements": 10, "missing": 2}',
            b'a.py": {"statements": 10, "missing": 3}',
            "the packages are not",
        ),
        (b'"pragmas": 1', b'"pragmas": 0', "the totals are not"),
        (b'"files": 2', b'"files": 3', "it holds 2 files and says 3"),
        (LOOSER, LOOSER + b"\n" + LOOSER.replace(b"2}", b"9}"), "src/a.py stands in it twice"),
    ],
)
def test_what_does_not_add_up_was_edited_by_hand(baseline, old, new, told):
    text = encode(baseline({"src/a.py": (10, 2), "src/b.py": (1,)}, pragmas={"src/a.py": (1,)}))
    assert text.count(old) == 1
    with pytest.raises(RecordError, match=f"edited by hand.*{told}"):
        decode(text.replace(old, new), WHERE)
