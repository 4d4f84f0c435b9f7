"""On whose assertions a function leans, and which helpers come to assert by it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coverage_roadmap.core.testcode.found import Helper, Leaning
from coverage_roadmap.core.testcode.module import Function, Module, fixture_name
from coverage_roadmap.core.testcode.names import says_assert
from coverage_roadmap.core.testcode.reader import Library, is_empty
from coverage_roadmap.core.testcode.reading import VERDICT, Reading
from coverage_roadmap.core.testcode.walking import nodes


def of_test(node: Function, library: Library, *, own_base: bool) -> Leaning:
    """How far a test asserts by itself, and on whom it leans.

    Args:
        node: the test.
        library: the functions of its file.
        own_base: whether its class has a base in another file, whose methods may assert.
    """
    reading, module = library.read(node), library.module
    if is_empty(node) and not reading.ways:
        return Leaning()
    doubts = set(reading.doubts)
    if own_base:
        doubts |= {f"@self.{name}" for name in reading.asked if name not in module.methods}
        doubts |= {f"@super.{name}" for name in reading.inherited}  # no helper's key: it stays in doubt
    leans = {*_uses(reading, module), *_fixtures(reading, module)}
    return Leaning(bool(reading.ways), tuple(sorted(leans)), tuple(sorted(doubts)))


def helpers(library: Library) -> Iterator[Helper]:
    """All that other functions of this file, or other files, may lean on.

    Each under a key of its file's own, and under those that others know it by.
    """
    module = library.module
    for name, node in module.functions.items():
        yield Helper(module.key(name), _of_function(node, library))
        yield Helper(f"{module.stem}.{name}", Leaning(leans=(module.key(name),)))
        if fixture := fixture_name(node):
            yield Helper(module.key(f"@{fixture}"), Leaning(leans=(module.key(name),)))
            yield Helper(f"@fixture.{fixture}", Leaning(leans=(module.key(name),)))
    for name, several in module.methods.items():
        for node in several:
            yield Helper(module.key(f".{name}"), _of_function(node, library))
            if fixture := fixture_name(node):
                yield Helper(module.key(f"@{fixture}"), Leaning(leans=(module.key(f".{name}"),)))
        yield Helper(f"@self.{name}", Leaning(leans=(module.key(f".{name}"),)))
    for name, definition in module.classes.items():
        yield Helper(module.key(name), _of_class(definition, library))
        yield Helper(f"{module.stem}.{name}", Leaning(leans=(module.key(name),)))
    within: set[str] = set()
    for name, values in module.bound.items():
        used = {one.id for value in values for one in nodes(value) if isinstance(one, ast.Name)}
        inner = {one for one in used if one in module.inner and not module.names(one)}
        within |= inner
        leans = _uses(Reading(used=used), module) | {module.key(f"<{one}>") for one in inner}
        yield Helper(module.key(name), Leaning(leans=tuple(sorted(leans))))
    for name in within:
        for node in module.inner[name]:
            yield Helper(module.key(f"<{name}>"), _of_function(node, library))
    if module.is_package:
        for name, key in module.imported.items():
            yield Helper(f"{module.stem}.{name}", Leaning(leans=(key,)))


def settle(found: Iterable[Helper], *, doubts: bool, asked: Iterable[str] | None = None) -> dict[str, bool]:
    """Which helpers assert, those included that lean on one that does.

    Args:
        found: the helpers; several of one key count as one that does whatever any of them does.
        doubts: whether a helper that leans on what may well assert, and is in no file, asserts.
        asked: the keys that are asked for; only they, and what they lean on, are told of. By default all.
    """
    leanings: dict[str, list[Leaning]] = {}
    for helper in found:
        leanings.setdefault(helper.key, []).append(helper.leaning)
    known: dict[str, bool] = {}
    users: dict[str, list[str]] = {}
    for key in leanings if asked is None else _reached(leanings, asked):
        several = leanings[key]
        unsure = doubts and any(name not in leanings for one in several for name in one.doubts)
        known[key] = unsure or any(one.asserts for one in several)
        for one in several:
            for name in (*one.leans, *one.doubts):
                users.setdefault(name, []).append(key)
    waiting = [key for key, asserts in known.items() if asserts]
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if not known[user]:
                known[user] = True
                waiting.append(user)
    return known


def _reached(leanings: Mapping[str, Sequence[Leaning]], asked: Iterable[str]) -> set[str]:
    """The keys that are asked for, and all that they lean on."""
    reached: set[str] = set()
    waiting = list(asked)
    while waiting:
        key = waiting.pop()
        if key in leanings and key not in reached:
            reached.add(key)
            waiting += (name for one in leanings[key] for name in (*one.leans, *one.doubts))
    return reached


def _of_function(node: Function, library: Library) -> Leaning:
    reading, module = library.read(node), library.module
    asserts = bool(reading.ways) or (says_assert(node.name) and not is_empty(node))
    leans = _uses(reading, module)
    doubts = reading.doubts
    if fixture_name(node):
        leans |= _fixtures(reading, module)
    else:
        doubts = {key for key in doubts if not key.startswith("@")}
    return Leaning(asserts, tuple(sorted(leans)), tuple(sorted(doubts)))


def _of_class(node: ast.ClassDef, library: Library) -> Leaning:
    """An object of it may assert when it is used, where any of its methods does, or of its bases'."""
    methods = [one for one in node.body if isinstance(one, Function)]
    readings = [library.read(one) for one in methods]
    named = any(says_assert(one.name) and not is_empty(one) for one in methods)
    bases = Reading(used={base.id for base in node.bases if isinstance(base, ast.Name)})
    leans = {key for reading in (*readings, bases) for key in _uses(reading, library.module, objects=False)}
    return Leaning(named or any(reading.ways & VERDICT for reading in readings), tuple(sorted(leans)))


def _uses(reading: Reading, module: Module, *, objects: bool = True) -> set[str]:
    """The keys of what a function uses, fixtures apart; `objects` where what it uses of its own object counts."""
    keys = set(reading.keys)
    for name in reading.used - reading.parameters:
        if name in module.functions or name in module.classes or name in module.bound:
            keys.add(module.key(name))
        elif name in module.imported:
            keys.add(module.imported[name])
        else:
            keys |= {f"{star}.{name}" for star in module.stars}
    for name in reading.methods | reading.inherited if objects else ():
        own = name in module.methods or f".{name}" in module.bound
        keys.add(module.key(f".{name}") if own else f"@self.{name}")
    return keys


def _fixtures(reading: Reading, module: Module) -> set[str]:
    """The keys of the fixtures that pytest fills a function's parameters with; the nearest wins."""
    own = module.fixtures
    return {module.key(f"@{name}") if name in own else f"@fixture.{name}" for name in reading.parameters}
