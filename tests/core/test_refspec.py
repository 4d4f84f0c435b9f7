"""Which branches of a remote a fetch brings, and where they are kept."""

import pytest

from coverage_roadmap.core.refspec import fetches

USUAL = "+refs/heads/*:refs/remotes/origin/*"


@pytest.mark.parametrize(
    ("refspecs", "fetched"),
    [
        ([USUAL], True),
        ([USUAL.removeprefix("+")], True),
        (["+refs/heads/main:refs/remotes/origin/main"], True),
        (["+refs/heads/ma*n:refs/remotes/origin/ma*n"], True),
        (["+refs/heads/next:refs/remotes/origin/next", USUAL], True),
        ([], False),
        (["+refs/heads/next:refs/remotes/origin/next"], False),
        (["+refs/heads/*:refs/up/*"], False),
        (["+refs/*:refs/*"], False),
        (["refs/heads/main"], False),
        (["+refs/heads/main*main:refs/remotes/origin/main*main"], False),
        ([USUAL, "^refs/heads/ma*"], False),
        ([USUAL, "^refs/heads/main"], False),
        ([USUAL, "^refs/heads/next"], True),
    ],
)
def test_a_branch_is_fetched_where_a_refspec_keeps_it_in_its_usual_place(refspecs, fetched):
    assert fetches(refspecs, "refs/heads/main", "refs/remotes/origin/main") is fetched
