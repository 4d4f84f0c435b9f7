"""What branches have of their own, by content, in real repositories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coverage_roadmap.adapters import branches, own_work

MAIN = "refs/heads/main"
TEXT = "".join(f"line {number}\n" for number in range(1, 21))
TOP = TEXT.replace("line 2\n", "two\n")
END = TEXT.replace("line 19\n", "nineteen\n")
BOTH = TOP.replace("line 19\n", "nineteen\n")


def own(repo: Any, *paths: str, default: str = MAIN, folder: str = ".") -> dict[str, own_work.Own]:
    found = repo.found(folder)
    return {one.tip.name: one for one in own_work.own(found, branches.tips(found, {"main"}), default, paths)}


def lacking(repo: Any, name: str, default: str = MAIN) -> list[str]:
    one = own(repo, default=default)[name]
    return own_work.lacking(repo.found(), default, [(one, list(one.files))])[name]


@pytest.fixture
def topic(repo: Any) -> Any:
    """A branch that changes a.py, adds new.py and takes gone.py away; on main again."""
    repo.commit({"a.py": TEXT, "gone.py": "x\n", "b.py": "b\n"})
    repo.git("switch", "-q", "-c", "topic")
    repo.git("rm", "-q", "gone.py")
    repo.commit({"a.py": TOP, "new.py": "new\n"})
    repo.git("switch", "-q", "main")
    return repo


def test_what_branches_changed_is_told_for_all_of_them_at_once(topic: Any) -> None:
    topic.git("branch", "merged", "main~0")
    topic.git("switch", "-q", "-c", "empty")
    topic.git("commit", "-q", "--allow-empty", "-m", "nothing")
    topic.git("switch", "-q", "-c", "other", "main")
    topic.commit({"odd\nname é.py": "1\n", "b.py": "c\n"})
    found = own(topic)
    assert sorted(found) == ["empty", "other", "topic"], "what has no commit of its own is not there"
    assert {name: sorted(one.files) for name, one in found.items()} == {
        "topic": ["a.py", "gone.py", "new.py"],
        "empty": [],
        "other": ["b.py", "odd\nname é.py"],
    }
    assert found["topic"].files["gone.py"] == ""
    assert found["topic"].files["new.py"] == topic.git("rev-parse", "topic:new.py")
    assert {one.base for one in found.values()} == {topic.git("rev-parse", "main")}
    assert {name: sorted(one.files) for name, one in own(topic, "b.py", "new.py").items()} == {
        **{"topic": ["new.py"], "empty": [], "other": ["b.py"]}
    }


def test_a_branch_that_took_over_the_default_branch_left_it_there(topic: Any) -> None:
    topic.commit({"b.py": "main's\n"})
    topic.git("switch", "-q", "topic")
    topic.git("merge", "-q", "--no-edit", "main")
    topic.commit({"c.py": "c\n"})
    (one,) = own(topic).values()
    assert one.base == topic.git("rev-parse", "main")
    assert sorted(one.files) == ["a.py", "c.py", "gone.py", "new.py"]


def test_more_commits_than_are_listed_change_nothing(topic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    topic.git("switch", "-q", "topic")
    topic.commit({"c.py": "c\n"})
    topic.git("branch", "merged", "main")
    whole = own(topic)
    monkeypatch.setattr(branches, "LONGEST", 1)
    assert own(topic) == whole


def test_a_branch_of_another_root_cannot_be_compared(topic: Any) -> None:
    topic.git("switch", "-q", "--orphan", "pages")
    topic.commit({"index.html": "x"})
    one = own(topic)["pages"]
    assert (one.base, one.files, one.untold) == (None, {}, "has no common commit with main")
    assert own_work.lacking(topic.found(), MAIN, [(one, [])]) == {"pages": []}


def test_a_shallow_clone_says_that_it_is_one(topic: Any, make_repo: Any) -> None:
    topic.commit({"b.py": "more\n"})
    copy = make_repo("shallow")
    copy.git("fetch", "-q", "--depth=1", f"file://{topic.top}", "+refs/heads/*:refs/remotes/origin/*")
    found = own(copy, default="refs/remotes/origin/main")
    assert found["topic"].untold == "has no common commit with main in this shallow clone"


def test_paths_are_those_of_the_project(topic: Any) -> None:
    topic.git("switch", "-q", "-c", "inside")
    topic.commit({"app/src/x.py": "x\n", "else.py": "y\n"})
    assert list(own(topic, folder="app")["inside"].files) == ["src/x.py"]


def squash(repo: Any) -> None:
    repo.git("merge", "-q", "--squash", "topic")
    repo.git("commit", "-q", "-m", "squashed")


def test_what_is_not_merged_is_lacking(topic: Any) -> None:
    topic.commit({"a.py": END})
    assert lacking(topic, "topic") == ["a.py", "gone.py", "new.py"]


@pytest.mark.parametrize(
    "then",
    [
        lambda repo: squash(repo),
        lambda repo: [squash(repo), repo.commit({"a.py": "all new\n", "new.py": "changed\n", "gone.py": "back\n"})],
        lambda repo: [squash(repo), repo.git("rm", "-q", "a.py", "new.py"), repo.commit({"c.py": "c"})],
        lambda repo: [repo.commit({"a.py": END}), squash(repo)],
        lambda repo: [repo.commit({"a.py": END}), squash(repo), repo.commit({"a.py": f"{BOTH}more\n"})],
    ],
    ids=["as it was", "edited since", "removed since", "beside other work", "beside other work, edited since"],
)
def test_a_squashed_branch_is_not_lacking(topic: Any, then: Callable[[Any], None]) -> None:
    then(topic)
    assert lacking(topic, "topic") == []


def test_a_branch_that_goes_on_after_its_squash_lacks_what_is_new(topic: Any) -> None:
    squash(topic)
    topic.git("switch", "-q", "topic")
    topic.commit({"new.py": "new\nand more\n", "empty.py": "", "c.bin": "\0"})
    topic.git("switch", "-q", "main")
    assert lacking(topic, "topic") == ["c.bin", "empty.py", "new.py"]


def test_a_branch_that_reverts_to_an_old_state_is_lacking(topic: Any) -> None:
    squash(topic)
    topic.git("switch", "-q", "-c", "back")
    topic.commit({"a.py": TEXT})
    topic.git("switch", "-q", "main")
    assert lacking(topic, "back") == ["a.py"]


def test_nothing_asked_is_nothing_found(topic: Any) -> None:
    assert own_work.own(topic.found(), [], MAIN) == []
    assert own_work.lacking(topic.found(), MAIN, [(own(topic)["topic"], [])]) == {"topic": []}
    assert own_work.lacking(topic.found(), MAIN, []) == {}


def test_branches_of_unlike_roots_are_told_one_by_one(topic: Any) -> None:
    squash(topic)
    topic.git("switch", "-q", "--orphan", "else")
    topic.commit({"z.py": "1\n"})
    topic.git("switch", "-q", "-c", "late")
    topic.commit({"z.py": "2\n"})
    topic.git("switch", "-q", "main")
    topic.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "else")
    owns = [one for name, one in own(topic).items() if name in ("topic", "late")]
    found = own_work.lacking(topic.found(), MAIN, [(one, list(one.files)) for one in owns])
    assert found == {"topic": [], "late": ["z.py"]}


def test_of_many_files_each_is_told_too(topic: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_work, "_MOST_NAMED", 1)
    assert lacking(topic, "topic") == ["a.py", "gone.py", "new.py"]
    squash(topic)
    assert lacking(topic, "topic") == []


def test_what_is_there_at_which_commit_is_asked_at_once(repo: Any) -> None:
    first = repo.commit({"app/a b.py": "1", "app/é/x.py": "1"})
    second = repo.commit({"app/new.py": "1"})
    found = repo.found("app")
    asked = [(c, p) for c in (first, second) for p in ("a b.py", "new.py", "é", "./é/x.py", "gone", "odd\nname")]
    assert own_work.existing(found, asked) == {
        *((commit, path) for commit in (first, second) for path in ("a b.py", "é", "./é/x.py")),
        (second, "new.py"),
    }
    assert own_work.existing(found, []) == set()
