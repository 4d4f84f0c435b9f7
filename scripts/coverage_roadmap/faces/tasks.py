"""Invoke tasks: one for each command of the console program that takes options alone, with the same ones."""

from __future__ import annotations

import inspect
from typing import Any

from invoke.collection import Collection
from invoke.exceptions import Exit
from invoke.tasks import Task

from coverage_roadmap.faces import edge
from coverage_roadmap.faces.arguments import Face, Option
from coverage_roadmap.faces.console import COMMANDS, call, face


def namespace() -> Collection:
    """All tasks."""
    collection = Collection()
    made = [one for one in map(face, COMMANDS) if not one.words]
    groups = {one.name.partition(".")[0] for one in made if "." in one.name}
    for group in groups:
        collection.add_collection(Collection(group))
    for one in made:
        group, dot, name = one.name.partition(".")
        if group in groups:  # Invoke has no task beside a collection of its name, but a default in it
            collection.collections[group].add_task(_task(one, name or "list"), default=not dot)
        else:
            collection.add_task(_task(one, one.name))
    return collection


def _task(made: Face, name: str) -> Task[Any]:
    def body(_context: object, **given: Any) -> None:
        words = [made.name]
        for option in made.options:
            value = given.get(option.name)
            if option.kind is bool:
                words += [option.flag] if value else []
            elif option.parts:
                words += [option.flag, *value] if value else []
            elif value is not None:
                words += [f"{option.flag}={value}"]
        if code := edge.guarded(lambda: call(words)):
            raise Exit(code=code)

    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("_context", keyword)]
    parameters += [inspect.Parameter(option.name, keyword, default=_default(option)) for option in made.options]
    body.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    body.__doc__ = f"{made.summary}\n\n    Example: {made.example}\n"
    body.__name__ = name
    helps = {option.flag.removeprefix("--"): _told(option) for option in made.options}
    several = [option.name for option in made.options if option.parts]
    return Task(body, name=name, help=helps, auto_shortflags=False, iterable=several)


def _default(option: Option) -> Any:
    return False if option.kind is bool else [] if option.parts else None


def _told(option: Option) -> str:
    """The help; Invoke takes one word for an option, which is therefore given once for each."""
    return f"{option.told}; once for each: {', '.join(option.parts)}" if option.parts else option.told
