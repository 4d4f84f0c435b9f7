"""Links to lines: on known forges only, with nothing of a path or an address let through unescaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.forge import Forge, of_actions, of_remote

GITHUB = Forge("https://github.com/acme/shop")


@pytest.mark.parametrize(
    ("server", "repository", "expected"),
    [
        ("https://github.com", "acme/shop", GITHUB),
        ("http://ghe.acme.test:8080/", "acme/shop.py", Forge("http://ghe.acme.test:8080/acme/shop.py")),
        ("", "", None),
        ("https://github.com", "acme", None),
        ("https://me:secret@github.com", "acme/shop", None),
        ("javascript://github.com", "acme/shop", None),
        ("https://github.com", "acme/shop)](x", None),
        ("https://github.com/\n", "acme/shop", None),
    ],
)
def test_the_runner_names_the_forge(server, repository, expected):
    assert of_actions(server, repository) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/shop.git", GITHUB),
        ("https://github.com/acme/shop", GITHUB),
        ("git@github.com:acme/shop.git", GITHUB),
        ("ssh://git@github.com:22/acme/shop.git", GITHUB),
        ("https://gitlab.com/a/b/c.git", Forge("https://gitlab.com/a/b/c", "-/blob", "-")),
        ("git@gitlab.acme.test:a/b.git", Forge("https://gitlab.acme.test/a/b", "-/blob", "-")),
        ("https://token@github.com/acme/shop.git", None),
        ("https://me:secret@github.com/acme/shop.git", None),
        ("ssh://me@github.com/acme/shop.git", None),
        ("https://example.org/acme/shop.git", None),
        ("file:///srv/github/shop.git", None),
        ("/srv/github.com/acme/shop", None),
        ("https://github.com/acme/sh op", None),
        ("", None),
    ],
)
def test_a_remote_names_the_forge_where_it_is_a_known_one_without_a_password(url, expected):
    assert of_remote(url) == expected


def test_lines_have_an_address():
    commit = "c" * 40
    assert GITHUB.lines(commit, "src/a b.py", 10, 12) == f"{GITHUB.url}/blob/{commit}/src/a%20b.py#L10-L12"
    assert GITHUB.lines(commit, "src/a.py", 3, 3) == f"{GITHUB.url}/blob/{commit}/src/a.py#L3"
    lab = Forge("https://gitlab.com/a/b", "-/blob", "-")
    assert lab.lines(commit, "a.py", 3, 4) == f"https://gitlab.com/a/b/-/blob/{commit}/a.py#L3-4"


@given(st.text())
def test_no_sign_of_a_path_leaves_its_place_in_an_address(path):
    path = path.encode("utf-8", "replace").decode()
    address = GITHUB.lines("c", path, 1, 1).removeprefix(f"{GITHUB.url}/blob/c/").removesuffix("#L1")
    assert set(address) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/%")


def test_a_branch_has_an_address_on_each_forge():
    assert Forge("https://h/a/b").branch("coverage/x y") == "https://h/a/b/tree/coverage/x%20y"
    assert Forge("https://h/a/b", "-/blob", "-").branch("x#1") == "https://h/a/b/-/tree/x%231"
