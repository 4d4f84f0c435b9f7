"""Fits a page into so many characters: the least important part is shortened first, and it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.text import many
from coverage_roadmap.render.page import Block, Facts, Grid, Items, Page, Section, Source, Tone, Word


class Part(Struct, frozen=True):
    """A section with its rank: 0 is never shortened, and of the others the highest goes first.

    What is shortened is its last block.
    """

    section: Section
    rank: int = 0


def fit(title: str, parts: Sequence[Part], limit: int, view: Callable[[Page], str]) -> Page:
    """The page that `view` shows in at most `limit` characters, as long as its parts of rank 0 are that short.

    Args:
        title: the page's.
        parts: the sections, in the order in which they are shown.
        limit: characters.
        view: what makes text of a page.
    """
    kept = list(parts)

    def fits() -> bool:
        return len(view(Page(title, [part.section for part in kept]))) <= limit

    for number in sorted(range(len(parts)), key=lambda n: -parts[n].rank):
        if fits():
            break
        if parts[number].rank:
            _shorten(kept, number, fits)
    if not fits():
        first = [part for part in parts if not part.rank]
        left_out = _left_out(many(len(parts) - len(first), "section"))
        kept = [*first, Part(Section("", [left_out]))]
    return Page(title, [part.section for part in kept])


def _shorten(kept: list[Part], number: int, fits: Callable[[], bool]) -> None:
    """Leave as many rows of a section as fit; none where even one is too much."""
    whole = kept[number]
    kept[number] = replace(whole, section=_first(whole.section, 0))
    if not fits():
        return
    most, least = _rows(whole.section), 1
    while least < most:
        middle = (least + most) // 2
        kept[number] = replace(whole, section=_first(whole.section, middle))
        if fits():
            least = middle + 1
        else:
            most = middle
    kept[number] = replace(whole, section=_first(whole.section, least - 1))


def _rows(section: Section) -> int:
    last = section.blocks[-1]
    return len(last.text.splitlines()) if isinstance(last, Source) else len(last.rows)


def _first(section: Section, count: int) -> Section:
    """The section with so many rows of its last block, and how many more there are."""
    *above, last = section.blocks
    more = f"{_rows(section) - count} of {many(_rows(section), 'row')} of this section"
    return Section(section.heading, [*above, *([_cut(last, count)] if count else []), _left_out(more)])


def _cut(block: Block, count: int) -> Block:
    match block:
        case Facts():
            return Facts(block.rows[:count])
        case Grid():
            return Grid(block.columns, block.rows[:count])
        case Items():
            return Items(block.rows[:count])
        case _:
            return Source("\n".join(block.text.splitlines()[:count]), block.language)


def _left_out(what: str) -> Facts:
    return Facts([("shortened", Word(f"{what} left out, to fit the forge's limit", Tone.UNSURE))])
