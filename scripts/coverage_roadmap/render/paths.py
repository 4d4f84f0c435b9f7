"""Paths that fit: whole leading folders go, never a part of a name."""

from __future__ import annotations


def fit(path: str, width: int) -> str:
    """`path` in at most `width` columns where that can be done without cutting a name."""
    parts = path.split("/")
    while len("/".join(parts)) > width and len(parts) > 1 + (parts[0] == "..."):
        parts = ["...", *parts[2 if parts[0] == "..." else 1 :]]
    return "/".join(parts)
