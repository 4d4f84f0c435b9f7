"""The lock file of GitHub's actions: whatever a workflow of ours uses, with its version and the commit of that version.

It is the only place that says so; a test holds every workflow to it.
"""

from __future__ import annotations

from msgspec import Struct

from coverage_roadmap.core.ci.value import Noted


class Action(Struct, frozen=True):
    """An action, pinned."""

    name: str
    version: str
    commit: str

    def used(self) -> Noted:
        """As a step names it: by its commit, with its version beside."""
        return Noted(f"{self.name}@{self.commit}", self.version)


CHECKOUT = Action("actions/checkout", "v5.0.0", "08c6903cd8c0fde910a37f88322edcfb5dd907a8")
SETUP_PYTHON = Action("actions/setup-python", "v6.0.0", "e797f83bcb11b83ae66e0230d6156d7c80228e7c")
CACHE = Action("actions/cache", "v4.3.0", "0057852bfaa89a56745cba8c7296529d2fc39830")
CACHE_SAVE = Action("actions/cache/save", CACHE.version, CACHE.commit)
UPLOAD = Action("actions/upload-artifact", "v5.0.0", "330a01c490aca151604b8cf639adc76d48f6c5d4")
DOWNLOAD = Action("actions/download-artifact", "v5.0.0", "634f93cb2916e3fdff6788551b99b062d0335ce0")

LOCK = (CHECKOUT, SETUP_PYTHON, CACHE, CACHE_SAVE, UPLOAD, DOWNLOAD)
