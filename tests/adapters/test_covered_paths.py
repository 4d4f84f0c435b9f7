"""Which of the paths that coverage's data names may be in it."""

import pytest

from coverage_roadmap.adapters import covered_paths


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (["src"], ["lib/c.py", "setup.py", "srcs/b.py"]),
        (["linked"], ["setup.py", "src/a.py", "srcs/b.py"]),
        (["src", "lib"], ["setup.py", "srcs/b.py"]),
        (["."], []),
        (["gone"], ["lib/c.py", "setup.py", "src/a.py", "srcs/b.py"]),
    ],
)
def test_what_lies_in_no_folder_is_outside_and_links_of_folders_are_followed(tmp_path, folders, expected):
    project = tmp_path.resolve()
    for folder in ("src", "lib"):
        (project / folder).mkdir()
    (project / "linked").symlink_to("lib")
    assert covered_paths.outside({"src/a.py", "srcs/b.py", "lib/c.py", "setup.py"}, folders, project) == expected
