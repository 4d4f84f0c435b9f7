"""A Markdown file as the tracker, and a host that a token is not meant for: nothing but git is needed."""

import subprocess
import sys

import pytest

from coverage_roadmap.adapters.github_token import token
from coverage_roadmap.errors import TrackerError

from .hub import TOKEN


@pytest.fixture
def filed(make_team):
    return make_team("alpha", ("beta", 'owner = "anna"'), tracker="file", file="docs/tickets.md")


def test_a_board_is_mirrored_to_a_file_and_what_people_write_stays(filed, hub):
    (filed.root / "docs").mkdir()
    assert ("alpha", "open the ticket", "Cover alpha") in filed.planned()
    filed.mirror()
    path = filed.root / "docs/tickets.md"
    text = path.read_text(encoding="utf-8").replace("- column: Backlog", "- column: In Progress", 1)
    path.write_text(f"# Ours\n\n{text}", encoding="utf-8")
    assert filed.mirror()["notes"] == ["#1 was put into In Progress by hand, and stays there; the board says Backlog"]
    assert path.read_text(encoding="utf-8") == f"# Ours\n\n{text}"
    told = filed.told("standup", "--post")[1]
    assert told["topics"][0]["items"][0]["text"] == "2 open tickets in docs/tickets.md: Backlog 1, In Progress 1"
    assert told["posted"]["failed"] is None
    assert "<!-- coverage-roadmap: week 2026-W48 -->" in path.read_text(encoding="utf-8")
    assert hub.log == []


def test_a_file_whose_markers_are_broken_or_that_is_none_is_refused(filed):
    path = filed.root / "docs/tickets.md"
    path.parent.mkdir()
    path.write_text("<!-- coverage-roadmap: ticket 1 -->\n", encoding="utf-8")
    code, text = filed.call("mirror", "--apply")
    assert (code, "docs/tickets.md: its markers are broken" in text) == (4, True)
    code, told = filed.told("standup")
    assert (code, told["topics"][0]["items"][0]["text"].startswith("tickets of docs/tickets.md unknown: ")) == (0, True)
    assert filed.told("standup", "--post")[0] == 4
    path.unlink()
    path.mkdir()
    assert filed.call("mirror", "--apply")[0] in (2, 3)


def test_a_file_that_leads_out_of_the_repository_is_neither_read_nor_written(filed):
    outside = filed.root.parent / "theirs.md"
    outside.write_text("# Theirs\n", encoding="utf-8")
    (filed.root / "docs").mkdir()
    (filed.root / "docs/tickets.md").symlink_to(outside)
    for words in (("mirror",), ("mirror", "--apply"), ("standup", "--post")):
        code, text = filed.call(*words)
        assert (code, "docs/tickets.md: leads out of the repository" in text) == (2, True), text
    told = filed.told("standup")[1]["topics"][0]["items"][0]["text"]
    assert told == "tickets of docs/tickets.md unknown: docs/tickets.md: leads out of the repository"
    filed.config("alpha", tracker="file", file="../theirs.md")
    assert filed.call("mirror", "--apply")[0] == 2
    filed.config("alpha", tracker="file", file=".git/config")
    assert filed.call("mirror", "--apply")[0] == 2
    assert outside.read_text(encoding="utf-8") == "# Theirs\n"


def test_without_a_tracker_there_is_nothing_to_mirror_to(filed):
    filed.config("alpha", tracker="none")
    for words in (("mirror",), ("standup", "--post")):
        code, text = filed.call(*words)
        assert (code, "board.tracker: no tracker is set" in text) == (2, True)


def test_the_client_s_library_is_imported_only_for_github(filed):
    imports = "import sys; from coverage_roadmap.faces import console"
    code = f"{imports}; console.call(['mirror']); print('urllib3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=filed.root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("host", "environ", "found"),
    [
        ("github.com", {"GITHUB_TOKEN": "a", "GH_TOKEN": "b"}, "b"),
        ("github.com", {"GITHUB_TOKEN": " a\n", "GH_TOKEN": ""}, "a"),
        ("acme.ghe.com", {"GITHUB_TOKEN": "a"}, "a"),
        ("git.acme.com", {"GITHUB_TOKEN": "a"}, None),
        ("git.acme.com", {"GH_ENTERPRISE_TOKEN": "a"}, None),
        ("git.acme.com", {"GH_ENTERPRISE_TOKEN": "a", "GH_HOST": "git.acme.com"}, "a"),
        ("git.acme.com", {"GITHUB_ENTERPRISE_TOKEN": "a", "GH_HOST": "other.acme.com"}, None),
        (
            "git.acme.com",
            {"GITHUB_TOKEN": "a", "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://git.acme.com"},
            "a",
        ),
        ("github.com.evil.example", {"GITHUB_TOKEN": "a"}, None),
    ],
)
def test_a_token_goes_to_the_host_that_it_is_meant_for(tmp_path, host, environ, found):
    environ = {"PATH": "/nowhere", **environ}
    if found:
        assert token(environ, host, tmp_path) == found
    else:
        with pytest.raises(TrackerError, match="there is no token for"):
            token(environ, host, tmp_path)


def test_a_token_of_github_s_own_program_is_taken_and_one_that_is_none_is_not_shown(tmp_path):
    program = tmp_path / "gh"
    program.write_text(f'#!/bin/sh\n[ "$*" = "auth token --hostname github.com" ] && echo {TOKEN}\n', encoding="utf-8")
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert token(environ, "github.com", tmp_path) == TOKEN
    with pytest.raises(TrackerError) as refused:
        token({"GH_TOKEN": f"{TOKEN} x"}, "github.com", tmp_path)
    assert TOKEN not in str(refused.value)
