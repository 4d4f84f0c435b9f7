"""Takes a Python code base from the coverage it has to the coverage its team wants, in phases, honestly."""

from importlib.metadata import version

__version__ = version("coverage-roadmap")
