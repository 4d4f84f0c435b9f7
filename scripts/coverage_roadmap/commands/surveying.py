"""The sites: the places at which the threshold is written, as they lie there and as committed."""

from __future__ import annotations

import os

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import site_files
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.sites.site import Found, Site, Unclear
from coverage_roadmap.core.sites.survey import survey


class Surveyed(Struct, frozen=True):
    """The files that may hold sites, and what they hold of this project's."""

    texts: dict[str, str]
    found: Found


def present_sites(here: Here) -> Surveyed:
    """The sites as they lie there."""
    return _surveyed(here, site_files.present(here.located, here.repository, _ignored(here.roadmap)))


def committed_sites(here: Here) -> list[Site] | None:
    """The sites as committed at HEAD; None without a commit."""
    return here.once(_committed_sites)


def _committed_sites(here: Here) -> list[Site] | None:
    if here.repository is None or here.repository.head is None:
        return None
    committed = site_files.at(here.located, here.repository, here.repository.head, _ignored(here.roadmap))
    return list(_surveyed(here, committed).found.sites)


def _surveyed(here: Here, read: site_files.SiteFiles) -> Surveyed:
    found = here.once(_found, tuple(read.texts.items()), read.outside)
    unread = [Unclear(os.path.relpath(one.where, here.located.project), 0, one.what) for one in read.unreadable]
    return Surveyed(read.texts, replace(found, unclear=(*found.unclear, *unread)))


def _found(here: Here, texts: tuple[tuple[str, str], ...], outside: frozenset[str]) -> Found:
    """What lies there is mostly what is committed, and is looked through once."""
    own = site_files.own_names(here.located, here.repository)
    phases = frozenset(phase.name for phase in here.roadmap.phases)
    return survey(dict(texts), outside, own, phases, config_name(here.located), tuple(here.roadmap.tests))


def _ignored(roadmap: Roadmap) -> list[str]:
    return [one.path for one in roadmap.check.ignore if not one.rules]


def config_name(located: Located) -> str:
    """The config file, relative to the project."""
    return os.path.relpath(located.file, located.project)
