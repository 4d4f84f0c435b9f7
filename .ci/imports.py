"""Holds the import contract that stands in pyproject.toml."""

import sys

from importlinter.cli import lint_imports

sys.exit(lint_imports())
