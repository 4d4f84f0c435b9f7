from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.core.lineage import between

HUNKS = (Hunk(1, 1, 1, 2),)
FOUND = between(
    [
        FileDiff("edited.py", "edited.py", HUNKS),
        FileDiff("old.py", "new.py", HUNKS),
        FileDiff(None, "added.py", HUNKS),
        FileDiff("gone.py", None, HUNKS),
        FileDiff("raw.py", "raw.py", binary=True),
        FileDiff("dirty.py", "dirty.py", HUNKS),
    ],
    ["dirty.py", "fresh.py"],
)


def test_how_a_text_differs_is_known_by_both_its_paths():
    pairs = [("edited.py", "edited.py"), ("old.py", "new.py"), ("same.py", "same.py")]
    assert [FOUND.hunks_of(*pair) for pair in pairs] == [HUNKS, HUNKS, ()]


def test_where_it_cannot_be_told_it_is_not():
    odd = ["raw.py", "dirty.py", "fresh.py", "added.py", "gone.py", "old.py", "new.py"]
    assert [FOUND.hunks_of(path, path) for path in odd] == [None] * len(odd)
    assert FOUND.hunks_of("same.py", "other.py") is None


def test_a_file_was_or_is_there_unless_git_or_a_dirty_tree_say_otherwise():
    assert [FOUND.was_there(path) for path in ("added.py", "fresh.py", "new.py", "same.py")] == [
        False,
        False,
        True,
        True,
    ]
    assert [FOUND.is_there(path) for path in ("gone.py", "fresh.py", "old.py", "same.py")] == [False, False, True, True]
