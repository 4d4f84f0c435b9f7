"""The logical lines by the syntax tree are those by the tokens, or are not told at all."""

from __future__ import annotations

import ast
import io
import tokenize

import pytest

from coverage_roadmap.core.logical_lines import first_lines

PLAIN = [
    "",
    "# only words\n",
    "a = 1\n",
    "a = (\n  1,\n  f(2),\n)\nb = 2\n",
    "(\n  a\n)\n",
    "'''doc\nstring'''\n",
    "if (\n  a and\n  b\n):\n  # why\n\n  c()\nelif d(\n  e):\n  f()\nelse:\n  g(\n    h)\n",
    "@one\n@two(\n  3,\n)\ndef f(\n  a=g(),\n  *b,\n) -> h(\n  i\n):\n  return j(\n    k)\n",
    "@one\nclass A(\n  B,\n):\n  @two\n  def c(self):\n    pass\n",
    "try:\n  a()\nexcept (\n  B,\n  C,\n) as d:\n  e()\nelse:\n  f()\nfinally:\n  g(\n  )\n",
    "for a in b(\n  c\n):\n  d()\nelse:\n  e()\nwhile f(\n):\n  g()\nwith h(\n) as i:\n  j()\n",
    "async def f():\n  async with g(\n  ):\n    await h(\n    )\n",
    "def f():\n  @g\n  def h():\n    pass\n",
]
ODD = [
    "a = (\n  1\n); b = 2\n",
    "if a: b(\n  c)\n",
    "try: a\nfinally: b\n",
    "a = 1; \\\n  b = 2\n",
    "if a: \\\n  b\n",
    "@(\n  a\n)\ndef f():\n  pass\n",
    "match a:\n  case (\n    1\n  ):\n    b\n",
    "def f():\n  é = 1; b = 2\n",
]


def by_tokens(text: str) -> dict[int, int]:
    """Each line of a logical line with that line's first."""
    found: dict[int, int] = {}
    first = 0
    left_out = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    for kind, _, (start, _), (end, _), _ in tokenize.generate_tokens(io.StringIO(text).readline):
        if kind == tokenize.NEWLINE:
            found.update(dict.fromkeys(range(first, end + 1), first))
            first = 0
        elif not first and kind not in left_out:
            first = start
    return found


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_source_has_the_logical_lines_that_its_tokens_have(text: str) -> None:
    found = first_lines(ast.parse(text), text.split("\n"))
    assert found is not None
    for line, first in by_tokens(text).items():
        assert found.get(line, line) == first, line


@pytest.mark.parametrize("text", ODD)
def test_a_source_that_is_laid_out_otherwise_is_left_to_the_tokens(text: str) -> None:
    assert first_lines(ast.parse(text), text.split("\n")) is None
