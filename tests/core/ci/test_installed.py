"""Which of pip's words name what must lie in the repository."""

import pytest

from coverage_roadmap.core.ci.installed import paths


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-r", "requirements-dev.txt"], ["requirements-dev.txt"]),
        (["-rdev.txt", "--requirement=dev.txt", "-c=limits.txt", "--constraint", "more.txt"], "dev limits more"),
        (["-e", ".[test]", "--editable=../suite"], [".", "../suite"]),
        (["./vendor/suite", "suite.whl", "nox", "coverage-roadmap[runner]>=1"], ["./vendor/suite", "suite.whl"]),
        (["-r", "https://example.org/x.txt", "-e", "git+https://example.org/x", "suite @ file:///x.whl"], []),
        (["/opt/suite.whl", "--no-deps", "--index-url=https://example.org/", "--find-links=dist", "-q", "-r"], []),
    ],
)
def test_files_and_folders_are_told_from_other_words(words, expected):
    named = [f"{one}.txt" for one in expected.split()] if isinstance(expected, str) else expected
    assert paths(words) == named
