"""Waivers that permit more than they say, or for longer."""

from .case import SOON, Cheat, Edit, added, swap, waived

CONFIG = "pyproject.toml"
FLOW = ".github/workflows/tests.yml"


def lowered(waiver: str) -> Edit:
    """The threshold falls from 80 to 75 everywhere, with a waiver."""

    def config(text: str) -> str:
        return added(waiver)(swap(("threshold = 80", "threshold = 75"))(text))

    sites = {name: swap(("fail-under=80", "fail-under=75")) for name in ("pytest.ini", FLOW)}
    return {CONFIG: config, **sites}


def commented(hides: str, *places: str) -> Edit:
    """Functions are taken out by a comment, with a waiver of their file's scope."""
    swaps = [swap((f"{place}:", f"{place}:  # pragma: no cover")) for place in places]

    def excluded(text: str) -> str:
        for one in swaps:
            text = one(text)
        return text

    return {CONFIG: added(waived("scope src/shop/stock.py", hides=hides)), "src/shop/stock.py": excluded}


def omitted(what: str, *patterns: str, hides: str = "5") -> Edit:
    """Files are omitted, with a waiver of the scope."""
    more = "".join(f"    {pattern}\n" for pattern in patterns)
    omit = swap(("    */generated_*.py\n", f"    */generated_*.py\n{more}"))
    return {CONFIG: added(waived(what, hides=hides)), ".coveragerc": omit}


def reported(key: str, value: str, hides: str) -> Edit:
    """A setting of the report holds something back, with a waiver of it."""
    what = waived(f"scope {key.removesuffix('_also')} {value}", hides=hides)
    return {CONFIG: added(what), ".coveragerc": swap(("[report]\n", f"[report]\n{key} =\n    {value}\n"))}


def without_waivers(text: str) -> str:
    """The config without its waivers."""
    start, end = (text.index(f"[[tool.coverage-roadmap.{table}]]") for table in ("waivers", "phases"))
    return text[:start] + text[end:]


HONEST = lowered(waived("threshold", from_="80", to="75"))
CHEATS = [
    Cheat(
        name="a waiver that has ended",
        story="The threshold was to be low for a quarter; the quarter is over, and nobody looks.",
        edit=lowered(waived("threshold", from_="80", to="75", until="2024-03-31")),
        rules=("LOOSE001", "WAIVER001"),
        twin_story="The waiver's day is to come.",
        twin=HONEST,
    ),
    Cheat(
        name="a waiver for ever",
        story="The waiver is written by hand, with a day that none of us will see.",
        edit=lowered(waived("threshold", from_="80", to="75", until="2999-12-31")),
        rules=("WAIVER004",),
        twin_story="It ends within a year.",
        twin=HONEST,
    ),
    Cheat(
        name="a waiver wider than needed",
        story="The waiver permits a threshold of 10, so that nobody has to write another one.",
        edit=lowered(waived("threshold", from_="80", to="10")),
        rules=("WAIVER003",),
        twin_story="It permits what is needed.",
        twin=HONEST,
    ),
    Cheat(
        name="a waiver of nobody",
        story="The owner is a blank, which is text enough for the config.",
        edit=lowered(waived("threshold", from_="80", to="75", owner=" ")),
        rules=("WAIVER002",),
        twin_story="Somebody answers for it.",
        twin=HONEST,
    ),
    Cheat(
        name="a waiver of something else",
        story="There is a waiver, and it is of the scope; the threshold falls beside it.",
        edit=lowered(waived("scope branch")),
        rules=("LOOSE001",),
        twin_story="It names what falls.",
        twin=HONEST,
    ),
    Cheat(
        name="a waiver of the whole scope",
        story="The waiver says `scope`, and nothing more: any file could go from then on.",
        edit=omitted("scope", "src/tools/*"),
        rules=("SCOPE001", "WAIVER003"),
        twin_story="It names the pattern that hides them.",
        twin=omitted("scope src/tools/*", "src/tools/*"),
    ),
    Cheat(
        name="a waiver of more than is hidden",
        story="The waiver names `src`, of which one folder is omitted; the rest may follow, unseen.",
        edit=omitted("scope src", "src/tools/*"),
        rules=("WAIVER003",),
        twin_story="It names the folder.",
        twin=omitted("scope src/tools", "src/tools/*"),
    ),
    Cheat(
        name="a waiver hides more than it was written for",
        story="A method may be left out for a time; a second one of the file goes with it, by the same waiver.",
        edit=commented("6", "def audit(self)", "def take(self, name, count)"),
        rules=("SCOPE003",),
        twin_story="Just the method goes.",
        twin=commented("6", "def audit(self)"),
    ),
    Cheat(
        name="a waiver of any number",
        story="The waiver does not say how many statements it hides, so that there may be more by the day.",
        edit=commented("", "def audit(self)"),
        rules=("WAIVER003",),
        twin_story="It says so.",
        twin=commented("6", "def audit(self)"),
    ),
    Cheat(
        name="an include of any size",
        story="`include` holds the report to the shop, by a waiver that was written when less lay beside it.",
        edit=reported("include", "src/shop/*", "1"),
        rules=("SCOPE001",),
        twin_story="The waiver says how many statements lie beside the shop.",
        twin=reported("include", "src/shop/*", "5"),
    ),
    Cheat(
        name="one way more under an old waiver",
        story="Each `if` may do without its other way, by a waiver; there are more of them than when it was written.",
        edit=reported("partial_also", "if .*:", "4"),
        rules=("SCOPE002",),
        twin_story="The waiver says how many there are.",
        twin=reported("partial_also", "if .*:", "5"),
    ),
    Cheat(
        name="one more under an old waiver",
        story="A folder may be omitted for a time, by a waiver; a file of another one goes with it.",
        edit=omitted("scope src/tools/*", "src/tools/*", "src/shop/till.py"),
        rules=("SCOPE001",),
        twin_story="Just the folder goes, and a test of the other file stays.",
        twin=omitted("scope src/tools/*", "src/tools/*"),
    ),
    Cheat(
        name="a waiver's day moves",
        story="The day on which a waiver ends moves on by years, a week before it comes.",
        edit={CONFIG: swap((SOON, "2099-12-31"))},
        rules=("LOOSE001", "WAIVER004"),
        twin_story="What it waived is mended, and it goes.",
        twin={CONFIG: without_waivers},
    ),
    Cheat(
        name="a waiver permits more than it did",
        story="A waiver that everybody knows gets a lower `to`.",
        edit={CONFIG: swap(("to = 84", "to = 20"))},
        rules=("LOOSE001", "WAIVER003"),
        twin_story="It gets a higher one.",
        twin={CONFIG: swap(("to = 84", "to = 86"))},
    ),
]
