"""What no workflow can be made from."""

from __future__ import annotations

from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import ConfigError


def refuse(roadmap: Roadmap, place: Place) -> None:
    """Refuse a config whose words CI would take for something else.

    Raises:
        ConfigError: it does not say how the suite is installed, or a text of it would be read as an expression.
    """
    if not roadmap.ci.install:
        raise ConfigError(
            "is needed: what pip installs so that CI has this suite, nox and invoke",
            where="ci.install",
            next_step='for example [tool.coverage-roadmap.ci] with install = ["-r", "requirements-dev.txt"]',
        )
    named = {
        "ci.install": roadmap.ci.install,
        "requirements": roadmap.requirements,
        "default-branch": [place.branch],
        "the config's path": [place.config, place.folder, place.project],
    }
    for key, texts in named.items():
        for text in texts:
            if "${{" in text or any(ord(char) < 32 for char in text):
                told = "would be read as an expression, or holds a line's end: name it otherwise"
                raise ConfigError(told, where=f"{key} {plain(text)}")
