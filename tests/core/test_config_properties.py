"""Whatever stands in the table, all of it is judged at once and nothing raises."""

import json
import tomllib
from datetime import date, datetime, time
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from coverage_roadmap.core.problem import BUILT_IN, read_roadmap
from coverage_roadmap.core.roadmap import Roadmap, build

scalars = st.booleans() | st.integers() | st.decimals() | st.text(max_size=8) | st.dates() | st.datetimes() | st.times()
keys = st.text(max_size=5)
huge = st.builds(lambda: 10**5000)
anything = st.recursive(
    scalars | huge, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


def spoiled(model):
    """Tables with the model's keys, some unknown ones, and values of the right and of the wrong type."""
    names = [field.encode_name for field in fields(model)]
    return st.dictionaries(st.sampled_from(names) | keys, anything, max_size=6)


slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
paths = st.from_regex(r"[a-z]{1,5}(/[a-zé日 ]{0,3}[a-z]){0,2}(::[a-z]+)?", fullmatch=True)
percents = st.integers(0, 100) | st.decimals(0, 100, places=3)
kinds = st.sampled_from(["green", "coverage", "threshold", "board-closed", "documented-in-pr"])
stories = st.fixed_dictionaries(
    {"id": slugs, "modules": st.lists(paths, min_size=1, max_size=2), "tests": st.lists(paths, min_size=1, max_size=2)},
    optional={"target": percents, "owner": st.text(max_size=5), "scenarios": st.lists(st.text(max_size=9), max_size=2)},
)
criteria = st.one_of(
    st.fixed_dictionaries({"criterion": st.just("green")}),
    st.fixed_dictionaries(
        {"criterion": st.just("coverage"), "at-least": percents}, optional={"sustained-runs": st.integers(1, 20)}
    ),
    st.fixed_dictionaries({"criterion": st.just("threshold"), "at-least": percents}),
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True).filter(lambda name: name not in BUILT_IN)


@st.composite
def configs(draw):
    """Tables without a problem."""
    count = draw(st.integers(1, 3))
    unders = sorted(draw(st.lists(percents, min_size=count, max_size=count)))
    titles = draw(st.lists(names, min_size=count, max_size=count, unique=True))
    phases = [{"name": name, "fail-under": under} for name, under in zip(titles, unders, strict=True)]
    owned = draw(st.lists(stories, max_size=3, unique_by=lambda story: story["id"]))
    for story in owned:
        draw(st.sampled_from(phases)).setdefault("stories", []).append(story)
    for phase in phases:
        phase["exit"] = draw(st.lists(criteria, max_size=3))
        if owned:
            named = {"criterion": "board-closed", "stories": [owned[0]["id"]]}
            phase["exit"].append(named)
    more = st.fixed_dictionaries(
        {},
        optional={
            "source": st.lists(paths, min_size=1, max_size=2),
            "threshold": percents,
            "workers": st.just("auto") | st.integers(1, 64),
            "timeout": st.integers(1, 9999) | st.decimals(1, 9999, places=2),
            "env": st.dictionaries(names, st.text(st.characters(exclude_characters="\0"), max_size=5), max_size=2),
            "matrix": st.lists(st.sampled_from(["3.9", "3.11", "3.14"]), max_size=3),
        },
    )
    return {**draw(more), "phases": phases}


def toml(value):
    """A value as TOML's inline text."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


@given(configs())
def test_a_config_is_the_same_after_its_toml(table):
    roadmap, problems = read_roadmap(table)
    assert problems == []
    text = "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    again, _ = read_roadmap(tomllib.loads(text, parse_float=Decimal))
    assert again == roadmap
    assert isinstance(roadmap, Roadmap)
    dumped = msgspec.to_builtins(roadmap, builtin_types=(date, Decimal), enc_hook=Decimal)
    assert read_roadmap(dumped) == (roadmap, [])


@given(configs(), st.data())
def test_every_unknown_key_is_reported_wherever_it_stands(table, data):
    places = [("", table)]
    for phase in table["phases"]:
        places.append((f"phases.{phase['name']}", phase))
        for index, criterion in enumerate(phase["exit"]):
            places.append((f"phases.{phase['name']}.exit.[{index}]", criterion))
        owned = phase.get("stories", [])
        places += [(f"phases.{phase['name']}.stories.{story['id']}", story) for story in owned]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, unique_by=lambda place: id(place[1])))
    for _, place in chosen:
        place["zzz-unknown"] = 1
    _, problems = read_roadmap(table)
    place_names = {id(place): name for name, place in places}
    expected = {f"{place_names[id(place)]}.zzz-unknown".lstrip(".") for _, place in chosen}
    assert {problem.key for problem in problems} == expected
    assert all("no such key" in problem.advice for problem in problems)


deep = st.fixed_dictionaries(
    {},
    optional={
        "phases": anything
        | st.lists(
            anything
            | st.fixed_dictionaries(
                {},
                optional={
                    "name": anything | names,
                    "fail-under": anything | percents,
                    "exit": anything | st.lists(anything | st.fixed_dictionaries({"criterion": kinds | anything})),
                    "stories": anything | st.lists(anything | stories | spoiled(Roadmap), max_size=3),
                    "closed": anything,
                },
            ),
            max_size=3,
        ),
        "board": anything,
        "env": anything,
        "waivers": anything,
    },
)


@given(spoiled(Roadmap) | deep)
def test_no_table_raises_and_each_problem_is_one_line_with_advice(table):
    roadmap, problems = read_roadmap(table)
    assert roadmap is not None
    for problem in problems:
        assert problem.key
        assert problem.advice
        assert "\n" not in str(problem)
    if not problems:
        assert roadmap == build(Roadmap, table)


@given(configs(), st.lists(st.sampled_from(["timeout", "workers", "source", "env", "board", "threshold"]), unique=True))
def test_problems_of_several_keys_come_in_one_report(table, wrong):
    table |= dict.fromkeys(wrong, datetime.combine(date(2026, 1, 1), time()))
    _, problems = read_roadmap(table)
    assert sorted(problem.key for problem in problems) == sorted(wrong)
