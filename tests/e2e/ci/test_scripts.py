"""The scripts of the emitted workflows that talk to GitHub, run against a stand-in of its program `gh`."""

import base64
import json
import shutil
import subprocess

import pytest

from coverage_roadmap.core.ci import shell

from ...conftest import lacking

MARKER = "<!-- coverage-roadmap: comment of coverage -->"
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$RUNNER_TEMP/calls"
case "$*" in
  *"pulls/7 "*) echo abc ;;
  *comments?per_page*) cat "$RUNNER_TEMP/there" ;;
  "pr list"*) echo 0 ;;
esac
"""


@pytest.fixture
def place(tmp_path):
    """A runner's folders, with the artifact of a pull request."""
    if shutil.which("jq") is None:
        lacking("jq is wanted, which GitHub's runners have")
    for name in ("bin", "temp/coverage-comment"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "bin" / "gh").write_text(GH)
    (tmp_path / "bin" / "gh").chmod(0o755)
    (tmp_path / "temp" / "there").write_text("")
    (tmp_path / "temp" / "calls").touch()
    (tmp_path / "temp" / "coverage-comment" / "number").write_text("7\n")
    (tmp_path / "temp" / "coverage-comment" / "body.md").write_text(f"{MARKER}\n\n## Coverage of @team é\n", "utf-8")
    return tmp_path


def run(place, script, cwd=None, **extra):
    env = {
        **{"PATH": f"{place / 'bin'}:/usr/bin:/bin", "RUNNER_TEMP": str(place / "temp"), "GH_TOKEN": "s3cret"},
        **{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_SERVER_URL": "https://github.com", "HEAD_SHA": "abc"},
        **{"MARKER": MARKER, "HOME": str(place), **extra},
    }
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(words, cwd=cwd or place, env=env, capture_output=True, text=True, check=False, timeout=60)


def calls(place):
    return (place / "temp" / "calls").read_text().splitlines()


def posted(place):
    return json.loads((place / "temp" / "comment.json").read_text())["body"]


def test_a_comment_is_made_and_calls_nobody(place):
    ran = run(place, shell.COMMENT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert posted(place) == f"{MARKER}\n\n## Coverage of @\u2060team é\n"
    assert calls(place)[-1].startswith("api --method POST repos/acme/shop/issues/7/comments --input ")


def test_the_comment_that_is_there_is_changed(place):
    (place / "temp" / "there").write_text("12\n34\n")
    assert run(place, shell.COMMENT).returncode == 0
    assert calls(place)[-1].startswith("api --method PATCH repos/acme/shop/issues/comments/12 --input ")


@pytest.mark.parametrize(
    "number", ["", "x", "7; id", "$(id)", "-1", "0", "7\n8", "../7", "12345678901", "9" * 99, "7\0"]
)
def test_a_number_that_is_none_is_refused(place, number):
    (place / "temp" / "coverage-comment" / "number").write_text(number)
    ran = run(place, shell.COMMENT)
    assert (ran.returncode, "::error::the number" in ran.stdout) == (1, True)
    assert not [call for call in calls(place) if "--method" in call]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("body.md", b"no marker\n", "the body is not ours"),
        ("body.md", b"", "the body is not ours"),
        ("body.md", f"{MARKER}\n".encode() + b"x" * 262_144, "the body is too long"),
        ("body.md", f"{MARKER}\n".encode() + b"x" * 70_000, "the body is too long"),
        ("body.md", None, "has no plain file body.md"),
        ("number", None, "has no plain file number"),
    ],
)
def test_an_artifact_that_is_not_what_we_leave_is_refused(place, name, content, told):
    path = place / "temp" / "coverage-comment" / name
    path.unlink()
    if content is None:
        path.symlink_to("/etc/hostname")
    else:
        path.write_bytes(content)
    ran = run(place, shell.COMMENT)
    assert (ran.returncode, told in ran.stdout) == (1, True), ran.stdout + ran.stderr
    assert not [call for call in calls(place) if "--method" in call]


def test_another_pull_requests_number_does_not_help(place):
    ran = run(place, shell.COMMENT, HEAD_SHA="def")
    assert (ran.returncode, "not, or no longer, at the commit" in ran.stdout) == (0, True)
    assert not [call for call in calls(place) if "--method" in call]


def test_git_is_told_the_token_by_the_environment_alone(place):
    ran = run(place, f"set -x\n{shell.AUTHORISED}git config --get http.https://github.com/.extraheader > told\n")
    assert ran.returncode == 0, ran.stderr
    kind, scheme, basic = (place / "told").read_text().split()
    assert (kind, scheme) == ("AUTHORIZATION:", "basic")
    assert base64.b64decode(basic).decode() == "x-access-token:s3cret"
    assert f"::add-mask::{basic}" in ran.stdout
    started = [line for line in ran.stderr.splitlines() if line.startswith(("+ git", "++ base64", "++ tr"))]
    assert started
    assert not [line for line in started if "s3cret" in line or basic in line]


def test_a_ratchet_is_proposed_from_a_branch_of_its_own_and_only_where_something_rose(place, project, tmp_path):
    project.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    project.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    env = {"BRANCH": "coverage-ratchet", "DEFAULT_BRANCH": "main", "TITLE": "Raise it", "TEXT": "Why."}
    env |= {key: value for key, value in project.env.items() if key.startswith("GIT_CONFIG")}
    ran = run(place, shell.PROPOSE, project.root, **env)
    assert (ran.returncode, ran.stdout) == (0, "nothing to raise\n"), ran.stderr
    project.write({"src/app/core.py": "x = 1\n"})
    ran = run(place, shell.PROPOSE, project.root, **env)
    assert ran.returncode == 0, ran.stderr
    assert project.git("log", "-1", "--format=%s|%an", "coverage-ratchet") == "Raise it|github-actions[bot]\n"
    there = project.git("ls-remote", "origin", "coverage-ratchet").split()[0]
    assert there == project.git("rev-parse", "coverage-ratchet").strip()
    assert calls(place)[-1] == "pr create --base main --head coverage-ratchet --title Raise it --body Why."
