"""Every kind of workflow that a config can give."""

import itertools
from collections.abc import Iterator
from typing import Any

from coverage_roadmap.core.ci import github, gitlab, handmade
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.value import Document
from coverage_roadmap.core.matrix import Split, jobs
from coverage_roadmap.core.roadmap import Roadmap, build
from coverage_roadmap.render import document

PLACES = (
    Place("pyproject.toml", ".", "examples/football", "main"),
    Place("services/api/pyproject.toml", "services/api", "services/api", "trunk"),
    Place("a b/'#x: y/pyproject.toml", ".", "p", "!release/1+2"),
)
CHOICES: dict[str, tuple[Any, ...]] = {
    "ratchet": (False, True),
    "schedule": ("23 5 * * 1", ""),
    "tracker": ("none", "github"),
    "setup-python": (True, False),
    "max-parallel": (0, 3),
    "runner": (["ubuntu-latest"], ["self-hosted", "linux", "x64"]),
    "matrix": ([], ["3.11", "3.13"], ["3.9", "3.12"]),
    "requirements": ([], ["req/dev it's.txt"]),
}
HOSTILE = ["-r", "requirements dev.txt", 'pkg[runner] @ file:///a"b\\c', "# no: comment", "é"]


def roadmap(**chosen: Any) -> Roadmap:
    """A config with these choices."""
    own = ("tracker", "matrix", "requirements")
    table = {key: value for key, value in chosen.items() if key not in own}
    return build(
        Roadmap,
        {
            "matrix": chosen["matrix"],
            "requirements": chosen["requirements"],
            "board": {"tracker": chosen["tracker"]},
            "ci": {
                "install": HOSTILE,
                "image": "registry.example/img:{python}",
                "dashboard": chosen["ratchet"],
                **table,
            },
            "phases": [{"name": "phase1", "fail-under": 50}],
        },
    )


def every() -> Iterator[tuple[Roadmap, Place]]:
    """All that there are."""
    for place, *values in itertools.product(PLACES, *CHOICES.values()):
        yield roadmap(**dict(zip(CHOICES, values, strict=True))), place


def few() -> Iterator[tuple[Roadmap, Place]]:
    """Each choice at least once, with each place."""
    for number, place in enumerate(PLACES):
        yield roadmap(**{key: values[number % len(values)] for key, values in CHOICES.items()}), place


def text(one: Document, place: Place) -> str:
    """The file as it is written."""
    return handmade.sealed(document.text(one, place.config))


def github_texts(one: Roadmap, place: Place) -> dict[str, str]:
    """GitHub's files by path."""
    return {made.path: text(made, place) for made in github.documents(one, place)}


def gitlab_texts(one: Roadmap, place: Place) -> dict[str, str]:
    """GitLab's files by path, with the child; none where its image has no Python for the suite."""
    if "3.9" in one.matrix:
        return {}
    child = gitlab.child(place, jobs(one, one.phases, "3.12", {"phase1": Split("phase1", 2, planned_from="r")}))
    return {made.path: text(made, place) for made in [*gitlab.documents(one, place), child]}
