"""How shards that were combined are shown."""

from __future__ import annotations

from coverage_roadmap.render.combined import data, page

__all__ = ["data", "page"]
