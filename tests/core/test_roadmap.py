import json
from decimal import Decimal

from coverage_roadmap.core.roadmap import Roadmap

CLOSED = {"on": "2026-01-01", "commit": "a" * 40, "record": "r"}


def read(**table):
    return Roadmap.model_validate_json(json.dumps(table))


def test_a_target_is_the_story_s_own_else_the_phase_s_fail_under(roadmap):
    targets = [phase.target_of(story) for phase, story in roadmap.stories()]
    assert targets == [Decimal(50), Decimal(80)]


def test_a_heading_is_the_title_else_made_from_the_fail_under(roadmap):
    assert [phase.heading() for phase in roadmap.phases] == ["Raise to 50 %", "Up"]


def test_the_running_phase_is_the_first_that_is_not_closed():
    phases = [{"name": f"phase{n}", "fail-under": 50 + n} for n in (1, 2)]
    assert read(phases=phases).running.name == "phase1"
    assert read(phases=[{**phases[0], "closed": CLOSED}, phases[1]]).running.name == "phase2"
    assert read(phases=[{**phase, "closed": CLOSED} for phase in phases]).running is None


def test_every_key_of_every_table_is_explained():
    definitions = [Roadmap.model_json_schema(), *Roadmap.model_json_schema()["$defs"].values()]
    unexplained = [
        f"{table['title']}.{key}"
        for table in definitions
        for key, schema in table["properties"].items()
        if key != "criterion" and not schema.get("description")
    ]
    assert unexplained == []
    assert all(table.get("description") for table in definitions)
