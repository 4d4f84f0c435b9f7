"""What a run asks beside the plugin: what is left out, which of the tests are a shard's own, and what is measured.

Stands alone, as the plugin beside it does, for Python 3.9 and later.
"""

from __future__ import annotations

import importlib.util
import json
import os
from typing import Any, Generator, Iterable

import pytest


def scope(config: Any) -> dict[str, Any]:
    """What coverage.py's own options include, omit and exclude, and whether they ask for branches; nothing for None."""
    if config is None:
        return {}

    def words(*names: str) -> list[str]:
        found = []
        for name in names:
            try:
                found += [str(word) for word in config.get_option(name) or []]
            except Exception:  # noqa: BLE001, S112 - an option that this coverage.py has not
                continue
        return found

    return {
        "branch": bool(config.get_option("run:branch")),
        "include": words("report:include") or words("run:include"),
        "omit": words("report:omit") or words("run:omit"),
        "exclude": words("report:exclude_lines", "report:exclude_also"),
    }


class Ignoring:
    """Leaves out what the selection excludes.

    `--ignore` is not enough: pytest asks the project's conftest files first, and takes the first answer. One that says
    False of whatever it does not know, as boltons' does, would have all that is excluded run.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the excluded files and folders, relative to the folder that pytest runs in."""
        self.paths = {os.path.abspath(path) for path in paths}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Any) -> Generator[None, Any, Any]:
        """Whether a file or folder is left out."""
        answer = yield
        return True if str(collection_path) in self.paths else answer


def divided(items: list[Any], shard: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The tests that are the shard's own, and the others, each in the order in which they were collected.

    `shard` says its number, how many there are, which file holds the known durations, and which module assigns.
    """
    spec: Any = importlib.util.spec_from_file_location("coverage_roadmap_shard", shard["by"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with open(shard["durations"], encoding="utf-8") as file:
        seconds = json.load(file)
    numbers = module.assign({item.nodeid: group_of(item) for item in items}, seconds, shard["of"])
    own = [item for item in items if numbers[item.nodeid] == shard["number"]]
    return own, [item for item in items if numbers[item.nodeid] != shard["number"]]


def group_of(item: Any) -> str:
    """The group that a test is marked to stay in, by the mark that pytest-xdist has for it; empty for none."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0] if mark.args else mark.kwargs.get("name", "default")) if mark else ""
