"""Says which Python files this interpreter can compile.

Stands alone, as the plugin beside it does, for Python 3.9 and later. It takes paths on its standard input, a null byte
behind each, and prints a list of JSON: for each path whether it does. Nothing of the files is run.
"""

from __future__ import annotations

import json
import os
import sys
import warnings

LARGEST = 8 * 2**20
"""A larger file is not read. Bytes."""


def compiles(path: str) -> bool:
    """Whether the file can be compiled."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        compile(data, "<source>", "exec", dont_inherit=True)
    except (SyntaxError, OSError, ValueError, RecursionError, MemoryError):
        return False
    return len(data) <= LARGEST


def main() -> None:
    """Read the paths, print the answers."""
    warnings.simplefilter("ignore")  # of the parser, about the files' own escapes
    paths = [os.fsdecode(path) for path in sys.stdin.buffer.read().split(b"\0") if path]
    print(json.dumps([compiles(path) for path in paths]))


if __name__ == "__main__":
    main()
