"""What changed, from real repositories, whatever a person's own settings say."""

import pytest

from coverage_roadmap.adapters import git_diff
from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.errors import ToolError

TEXT = "".join(f"line {n}\n" for n in range(1, 21))
ODD = ["größe.py", "a b/c b/c.py", 'q"uote\\.py', "two\nlines.py", "<script>|`@team`.py", "\x1b[31mred.py", "‮rtl.py"]


def between(repo, before, after=None, folder="."):
    return git_diff.between(repo.found(folder), before, after)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_the_one_on_the_disk(repo, name):
    first = repo.commit({name: TEXT})
    second = repo.commit({name: TEXT.replace("line 3\n", "other\nlines\n")})
    assert between(repo, first, second) == [FileDiff(name, name, (Hunk(3, 1, 3, 2),))]


def test_between_two_commits_or_against_the_work_tree(repo):
    first = repo.commit({"a.py": TEXT, "gone.py": "x\n", "empty.py": ""})
    second = repo.commit({"a.py": TEXT + "more\n", "new.py": "1\n2\n"})
    (repo.top / "gone.py").unlink()
    repo.write({"untracked.py": "x"})
    assert between(repo, first, second) == [
        FileDiff("a.py", "a.py", (Hunk(20, 0, 21, 1),)),
        FileDiff(None, "new.py", (Hunk(0, 0, 1, 2),)),
    ]
    assert between(repo, second) == [FileDiff("gone.py", None, (Hunk(1, 1, 0, 0),))]
    assert between(repo, first, first) == []


def test_a_renamed_file_keeps_its_lines_and_a_project_sees_its_own(repo):
    first = repo.commit({"app/old name.py": TEXT, "other.py": "x"})
    repo.git("mv", "app/old name.py", "app/new.py")
    second = repo.commit({"app/new.py": TEXT.replace("line 9\n", "")})
    repo.commit({"other.py": "y"})
    assert between(repo, first, second, "app") == [FileDiff("old name.py", "new.py", (Hunk(9, 1, 8, 0),))]


def test_links_and_submodules_have_no_lines(repo, make_repo):
    inner = make_repo("inner")
    inner.commit({"x.py": "1\n"})
    first = repo.commit({"a.py": TEXT})
    (repo.top / "link.py").symlink_to("a.py")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.top), "sub")
    second = repo.commit()
    found = {one.new: one for one in between(repo, first, second)}
    assert (found["link.py"], found["sub"]) == (FileDiff(None, "link.py"), FileDiff(None, "sub"))


def test_a_file_that_became_a_link_lost_its_lines(repo):
    first = repo.commit({"a.py": TEXT, "b.py": "x\n"})
    (repo.top / "b.py").unlink()
    (repo.top / "b.py").symlink_to("a.py")
    second = repo.commit()
    assert between(repo, first, second) == [FileDiff("b.py", None, (Hunk(1, 1, 0, 0),)), FileDiff(None, "b.py")]


def test_a_picture_is_binary_but_python_is_text_whatever_an_attribute_says(repo):
    first = repo.commit({"a.py": TEXT, "b.py": TEXT, "c.png": "\0a", ".gitattributes": "*.py -diff\n"})
    repo.git("mv", "b.py", "d.py")
    second = repo.commit({"a.py": "\0new\n" + TEXT, "d.py": TEXT + "x\n", "c.png": "\0b"})
    assert between(repo, first, second) == [
        FileDiff("a.py", "a.py", (Hunk(0, 0, 1, 1),)),
        FileDiff("c.png", "c.png", (), True),
        FileDiff("b.py", "d.py", (Hunk(20, 0, 21, 1),)),
    ]


SETTINGS = {
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.external": "false",
    "diff.renames": "false",
    "diff.context": "9",
    "diff.interHunkContext": "99",
    "diff.algorithm": "patience",
    "diff.orderFile": "order",
    "diff.relative": "false",
    "diff.suppressBlankEmpty": "true",
    "diff.submodule": "log",
    "diff.ignoreSubmodules": "all",
    "diff.colorMoved": "zebra",
    "diff.shout.textconv": "tr a-z A-Z <",
    "color.ui": "always",
    "core.quotePath": "false",
}


def test_a_person_s_own_settings_change_nothing(repo, monkeypatch):
    first = repo.commit({"ü.py": TEXT, "z.py": TEXT, ".gitattributes": "*.py diff=shout\n", "order": "z.py\n"})
    repo.git("mv", "z.py", "y.py")
    second = repo.commit({"ü.py": TEXT.replace("line 4\n", "").replace("line 7\n", "LINE 7\n")})
    plain = between(repo, first, second)
    assert {one.new for one in plain} == {"ü.py", "y.py"}
    for key, value in SETTINGS.items():
        repo.git("config", key, value)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=9")
    assert between(repo, first, second) == plain


def test_no_such_commit_is_said(repo):
    repo.commit({"a.py": "x"})
    with pytest.raises(ToolError, match="git diff"):
        between(repo, "0" * 40)
