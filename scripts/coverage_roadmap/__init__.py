"""Takes a Python code base from the coverage it has to the coverage its team wants, in phases, honestly."""

__version__ = "0.1.0"
