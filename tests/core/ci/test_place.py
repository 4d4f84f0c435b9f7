import pytest

from coverage_roadmap.core.ci.place import Place, relative


@pytest.mark.parametrize(
    ("config", "folder", "slug", "variable"),
    [
        ("pyproject.toml", ".", "", ""),
        ("services/api/pyproject.toml", "services/api", "services-api", ""),
        ("services/api/pyproject.toml", ".", "services-api", "services/api/pyproject.toml"),
        (".ci/self/pyproject.toml", ".ci", "ci-self", "self/pyproject.toml"),
        ("A b/#x: y/config.toml", "A b/#x: y", "a-b-x-y", "config.toml"),
    ],
)
def test_files_carry_the_configs_folder_and_the_variable_is_set_where_it_is_needed(config, folder, slug, variable):
    place = Place(config, folder, ".", "main")
    assert (place.slug, place.variable) == (slug, variable)
    assert place.name == (f"coverage-{slug}" if slug else "coverage")


@pytest.mark.parametrize(
    ("path", "folder", "told"),
    [("a/b", ".", "a/b"), ("a/b", "a", "b"), ("a/b", "c/d", "../../a/b"), ("a", "a", "."), (".", "a", "..")],
)
def test_a_path_is_told_from_another_folder(path, folder, told):
    assert relative(path, folder) == told


def test_paths_of_the_project_and_of_the_jobs_folder():
    place = Place("api/pyproject.toml", "api", "api/code", "main")
    assert (place.from_folder("req.txt"), place.from_top(".nox")) == ("code/req.txt", "api/.nox")
