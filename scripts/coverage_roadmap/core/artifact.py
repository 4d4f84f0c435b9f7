"""An artifact: what the job of one shard leaves for the job that combines.

It may come from anybody's pull request. Decoding its manifest checks every type and bound that stands here.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated

import msgspec

from coverage_roadmap.core.measurement import Name, Summary
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import UsageError

FORMAT = 0
"""The version of the manifest's JSON."""
MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
JUNIT = "junit.xml"
DATA = "data"
"""The folder of coverage's data: `coverage.1` and so on."""
MOST_SHARDS = 256
"""GitHub takes no more jobs of one matrix."""

Number = Annotated[int, msgspec.Meta(ge=1, le=MOST_SHARDS)]


class Shard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of `of` shards."""

    number: Number
    of: Number

    def __post_init__(self) -> None:
        """Refuse one that there cannot be.

        Raises:
            ValueError: its number is larger than how many there are.
        """
        if self.number > self.of:
            raise ValueError(f"there is no shard {self}")

    def __str__(self) -> str:
        """As it is written: 2/4."""
        return f"{self.number}/{self.of}"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an artifact is of."""

    format: Annotated[int, msgspec.Meta(ge=0, le=0)]
    shard: Shard
    record: Summary
    """The shard's own record."""
    config: Name
    """The hash of the config."""
    durations: Name
    """The hash of the durations that the shards were planned from; empty where there were none."""
    planned_from: Name
    """The record that these durations are of; empty where there were none."""
    config_file: Name
    """Coverage's config file, from the project; empty for its default."""
    lost: tuple[Name, ...] = ()
    """Why data of killed processes is not in it."""
    data: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How many files of coverage's data are in it: one that got lost would read as lines that no test ran."""

    @property
    def leg(self) -> tuple[str, str]:
        """The Python and its implementation."""
        leg = self.record.provenance.leg
        return leg.python, leg.implementation


def read_shard(text: str) -> Shard:
    """The shard that a person names, such as 2/4.

    Raises:
        UsageError: it is none.
    """
    found = re.fullmatch(r"([0-9]{1,3})/([0-9]{1,3})", text)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of <= MOST_SHARDS:
        told = f"is no shard: give its number and how many there are, at most {MOST_SHARDS}"
        raise UsageError(told, where=f"--shard {text}", next_step="for example --shard 2/4")
    return Shard(number, of)


def folder_name(phase: str, python: str, shard: Shard) -> str:
    """The usual name of an artifact's folder, and of the artifact where a CI provider keeps it."""
    return f"coverage-{phase}-{python}-{shard.number}-of-{shard.of}"


def config_hash(roadmap: Roadmap) -> str:
    """The same for configs that say the same; 12 hex digits."""
    told = json.dumps(msgspec.to_builtins(roadmap, enc_hook=str), sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]
