import importlib
import pkgutil
import re

import pytest

import coverage_roadmap
from coverage_roadmap.core.regex import Late, regex

PARTS = ("core", "render", "adapters", "commands", "faces")


def test_it_answers_as_a_compiled_pattern_does():
    late = regex(r"(?P<number>[0-9]+)", re.MULTILINE)
    assert late.pattern == r"(?P<number>[0-9]+)"
    found = late.search("a 12 b")
    assert found is not None
    assert found["number"] == "12"
    assert late.sub("x", "1 2 3", count=2) == "x x 3"
    assert regex(rb"\s").split(b"a b") == [b"a", b"b"]


def test_nothing_is_compiled_before_it_is_asked():
    late = regex("(")
    with pytest.raises(re.error):
        late.search("(")


def test_what_it_was_asked_once_is_kept():
    late = regex("a")
    assert late.match is late.match


def test_every_expression_of_the_package_compiles():
    late = [
        (module, name, value)
        for part in PARTS
        for module in pkgutil.walk_packages([f"{coverage_roadmap.__path__[0]}/{part}"], f"coverage_roadmap.{part}.")
        for name, value in vars(importlib.import_module(module.name)).items()
        if isinstance(value, Late)
    ]
    assert late, "no expression was found"
    for module, name, value in late:
        assert re.compile(value.pattern, value.flags), f"{module.name}.{name}"
