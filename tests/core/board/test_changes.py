"""How often files changed, across renames."""

from coverage_roadmap.core.board.changes import Changes, count


def same(*paths):
    return [(path, path) for path in paths]


def test_changes_are_counted_for_each_file():
    assert count([]) == Changes()
    assert count([same("a", "b"), same("a"), []]).counts == {"a": 2, "b": 1}


def test_what_changed_under_an_old_name_counts_for_the_present_one():
    told = count([same("c"), [("b", "c")], same("b"), [("a", "b"), *same("x")], same("a", "x")])
    assert told.counts == {"c": 5, "x": 2}
    assert told.formerly == {"c": ("b", "a")}


def test_an_old_name_that_another_file_has_now_is_not_mixed_up():
    told = count([same("a"), [("a", "b")], same("a")])
    assert told.counts == {"a": 1, "b": 2}
    told = count([same("a", "b"), [("a", "b"), ("b", "a")], same("a")])
    assert told.counts == {"a": 2, "b": 3}
    assert told.formerly == {"b": ("a",), "a": ("b",)}


def test_a_name_that_was_taken_up_again_is_followed_to_the_file_of_its_time():
    told = count([[("a", "c")], same("a"), [("a", "b")], same("a")])
    assert told.counts == {"c": 2, "b": 2}, "c was a then; the older a is b now"


def test_two_old_files_joined_in_one_count_each_commit_once():
    assert count([[("a", "c"), ("b", "c")], same("a", "b")]).counts == {"c": 2}
