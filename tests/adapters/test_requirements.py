"""Requirements files, with all that they include."""

import pytest

from coverage_roadmap.adapters import requirements

INCLUDING = {
    "requirements-dev.txt": "-r base.txt\n--constraint=ci/limits.txt\n# -r never.txt\npytest\n",
    "base.txt": "  -r ci/more.txt # why\nattrs\n",
    "ci/more.txt": "-c ../limits.txt\n-r ../requirements-dev.txt\n-rmost.txt\n",
    "ci/limits.txt": "x<2\n",
    "ci/most.txt": "--requirement gone.txt\n",
    "limits.txt": "y<2\n",
    "never.txt": "z\n",
}


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_included_files_are_found_once_each_from_where_they_are_named(tmp_path, make_roadmap):
    write(tmp_path, INCLUDING)
    found = requirements.texts(tmp_path, make_roadmap(requirements=["./requirements-dev.txt"]))
    assert found == {name: text for name, text in INCLUDING.items() if name != "never.txt"}


@pytest.mark.parametrize(("install", "there"), [([], False), (["-e", "."], True)])
def test_metadata_counts_only_where_it_is_installed(tmp_path, make_roadmap, install, there):
    write(tmp_path, {"r.txt": "a\n", "pyproject.toml": "[project]\n", "setup.cfg": "[metadata]\n"})
    found = requirements.texts(tmp_path, make_roadmap(requirements=["r.txt"], install=install))
    assert set(found) == ({"r.txt", "pyproject.toml", "setup.cfg"} if there else {"r.txt"})


def test_what_cannot_be_read_is_left_to_the_installer(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "odd.txt").write_bytes(b"a\xff\n")
    assert requirements.read(tmp_path / "none.txt") is None
    assert requirements.read(tmp_path / "folder") is None
    assert requirements.read(tmp_path / "odd.txt") == "a\ufffd\n"
