"""Diffs are read whatever a file's name or its lines hold, and lines that stayed are found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.hunk import FileDiff, Hunk, Kept, added, kept, parse, removed

EDITED = b"""diff --git a/src/a.py b/src/a.py
index 1111111..2222222 100644
--- a/src/a.py
+++ b/src/a.py
@@ -3 +3,2 @@ def f():
-old
+new
+newer
@@ -9,2 +10,0 @@ def g():
-gone
--- a/looks like a header
"""


def test_hunks_are_read_with_their_lines():
    assert parse(EDITED) == [FileDiff("src/a.py", "src/a.py", (Hunk(3, 1, 3, 2), Hunk(9, 2, 10, 0)))]


def test_nothing_differs_in_an_empty_diff():
    assert parse(b"") == []
    assert parse(b"* Unmerged path a.py\nindex 1..2 100644\n") == []


@pytest.mark.parametrize(
    "content",
    [
        b"+diff --git a/x b/x",
        b"+@@ -1 +1 @@",
        b"+rename to y",
        b"+Binary files a and b differ",
        b"+++ b/other.py",
        b"+\rdiff --git a/x b/x",
        b"+a\n\\ No newline at end of file",
    ],
)
def test_what_stands_in_a_file_is_not_taken_for_the_diff(content):
    diff = b"diff --git a/a.py b/a.py\nindex 1..2 100644\n--- a/a.py\n+++ b/a.py\n@@ -0,0 +1 @@\n%s\n" % content
    assert parse(diff) == [FileDiff("a.py", "a.py", (Hunk(0, 0, 1, 1),))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([b"new file mode 100644", b"index 0..1"], FileDiff(None, "a.py")),
        ([b"deleted file mode 100644", b"index 1..0", b"@@ -1,4 +0,0 @@"], FileDiff("a.py", None, (Hunk(1, 4, 0, 0),))),
        ([b"old mode 100644", b"new mode 100755"], FileDiff("a.py", "a.py")),
        ([b"index 1..2 100644", b"Binary files a/a.py and b/a.py differ"], FileDiff("a.py", "a.py", (), True)),
        ([b"index 1..2 160000", b"@@ -1 +1 @@", b"-Subproject commit 1"], FileDiff("a.py", "a.py")),
        ([b"new file mode 120000", b"@@ -0,0 +1 @@", b"+to/where"], FileDiff(None, "a.py")),
        ([b"similarity index 90%", b"rename from b c.py", b'rename to "\\303\\274.py"'], FileDiff("b c.py", "ü.py")),
    ],
)
def test_each_fate_of_a_file_is_read(lines, expected):
    assert parse(b"\n".join([b"diff --git a/a.py b/a.py", *lines, b""])) == [expected]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"a/x b/x b/x b/x", "x b/x"),
        (b'"a/\\303\\274.py" "b/\\303\\274.py"', "ü.py"),
        (b'"a/\\"q\\"\\\\ \\n\\t\\r\\a\\b\\v\\f" "b/\\"q\\"\\\\ \\n\\t\\r\\a\\b\\v\\f"', '"q"\\ \n\t\r\a\b\v\f'),
        (b'"a/\\377\\033[31m" "b/\\377\\033[31m"', "\udcff\x1b[31m"),
        (b"a/<script>|`@team b/<script>|`@team", "<script>|`@team"),
    ],
)
def test_any_name_is_read(raw, name):
    assert parse(b"diff --git %s\nold mode 1\n" % raw) == [FileDiff(name, name)]


def test_added_and_removed_lines_are_ranges():
    hunks = [Hunk(3, 1, 3, 2), Hunk(9, 2, 10, 0), Hunk(20, 0, 20, 1)]
    assert (added(hunks), removed(hunks)) == ([(3, 4), (20, 20)], [(3, 3), (9, 10)])


@pytest.mark.parametrize(
    ("hunks", "expected"),
    [
        ([], [Kept(1, 9, 0)]),
        ([Hunk(0, 0, 1, 5)], [Kept(1, 9, 5)]),
        ([Hunk(1, 9, 0, 0)], []),
        ([Hunk(9, 0, 10, 1)], [Kept(1, 9, 0)]),
        ([Hunk(2, 3, 2, 1), Hunk(7, 0, 6, 1)], [Kept(1, 1, 0), Kept(5, 7, -2), Kept(8, 9, -1)]),
        ([Hunk(12, 3, 12, 1), Hunk(20, 1, 18, 1)], [Kept(1, 9, 0)]),
    ],
)
def test_the_lines_between_hunks_stayed(hunks, expected):
    assert list(kept(hunks, 9)) == expected


@st.composite
def edits(draw):
    """An old and a new version of numbered lines, and the hunks that lead from one to the other."""
    old, new, hunks = [], [], []
    for _ in range(draw(st.integers(0, 6))):
        for _ in range(draw(st.integers(1, 4))):
            same = f"same {len(old)}"
            old.append(same)
            new.append(same)
        gone, come = draw(st.sampled_from([(1, 0), (0, 2), (3, 2), (1, 1)]))
        hunks.append(Hunk(len(old) + bool(gone), gone, len(new) + bool(come), come))
        old += [f"gone {len(old)}"] * gone
        new += [f"come {len(new)}"] * come
    return old, new, hunks


@given(edits())
def test_kept_lines_are_the_same_in_both_versions_and_all_others_are_added_or_removed(edit):
    old, new, hunks = edit
    stayed = [(n, n + one.shift) for one in kept(hunks, len(old)) for n in range(one.first, one.last + 1)]
    assert all(old[a - 1] == new[b - 1] for a, b in stayed)
    assert {a for a, _ in stayed} == {n for n, line in enumerate(old, 1) if line.startswith("same")}
    lines = {n for first, last in added(hunks) for n in range(first, last + 1)}
    assert lines == {n for n, line in enumerate(new, 1) if line.startswith("come")}
    lines = {n for first, last in removed(hunks) for n in range(first, last + 1)}
    assert lines == {n for n, line in enumerate(old, 1) if line.startswith("gone")}
