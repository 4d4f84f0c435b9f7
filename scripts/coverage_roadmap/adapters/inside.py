"""What runs inside the project's own environment, given by path."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "inside"
