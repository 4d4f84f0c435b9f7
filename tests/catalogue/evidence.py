"""Figures that hide a loss, and figures of runs that prove nothing; each is measured."""

from .base import FAILING, FILES, LABELLED
from .case import Cheat, added, swap

SMALL = '"""What is sent."""\n\n\ndef send(parcel):\n    return parcel\n'
SENT = "from shop.parcels import send\n\n\ndef test_sent():\n    assert send('tea') == 'tea'\n"
AGAIN = {
    "src/shop/orders.py": added(
        "\n\n" + FILES["src/shop/orders.py"].partition("\n\n\n")[2].replace("def ", "def other_")
    )
}
BOTH = swap(
    ("import address, total", "import address, other_address, other_total, total"),
    ("address({}) ==", "other_address({}) == address({}) =="),
    ("total([(2, 3), (1, 1)]) ==", "other_total([(2, 3), (1, 1)]) == total([(2, 3), (1, 1)]) =="),
)
ELSEWHERE = "\n\ndef test_elsewhere():\n    assert other_address({'street': 'A', 'town': 'B'}) == 'A, B'\n"
LARGE = '"""What is counted."""\n\n\ndef first(n):\n' + "    n += 1\n" * 12 + "    return n\n\n\ndef second(n):\n"
LARGE += "    n += 2\n" * 12 + "    return n\n"
FIRST = "from shop.counts import first{}\n\n\ndef test_first():\n    assert first(0) == 12\n"
CHEATS = [
    Cheat(
        name="one file falls while another rises",
        story="A script gets a test, a file of the shop loses what its test looked at, and the total is higher.",
        edit={
            **LABELLED,
            "tests/test_stock.py": swap(("    assert stock.audit() == []\n", "")),
        },
        rules=("FLOOR001",),
        twin_story="The script gets its test, and nothing is lost.",
        twin=LABELLED,
        measured=True,
    ),
    Cheat(
        name="a new file under a good total",
        story="A new file comes without a test; the total is still above the threshold, so CI is green.",
        edit={"src/shop/parcels.py": SMALL.replace("return parcel", "parcel += 1\n    return parcel")},
        rules=("FLOOR004",),
        twin_story="It comes with its test.",
        twin={"src/shop/parcels.py": SMALL, "tests/test_parcels.py": SENT},
        measured=True,
    ),
    Cheat(
        name="half of a large file",
        story="A large new file is tested to half, which is no dip, and takes the total below the threshold.",
        edit={"src/shop/counts.py": LARGE, "tests/test_counts.py": FIRST.format("")},
        rules=("FLOOR003",),
        twin_story="It is tested whole.",
        twin={
            "src/shop/counts.py": LARGE,
            "tests/test_counts.py": FIRST.format(", second") + "    assert second(0) == 24\n",
        },
        measured=True,
    ),
    Cheat(
        name="each file holds, the package falls",
        story="The weakest file of a package doubles at its own percentage: each file keeps its floor.",
        edit={**AGAIN, "tests/test_orders.py": BOTH},
        rules=("FLOOR002",),
        twin_story="It doubles, and the new half is tested whole.",
        twin={**AGAIN, "tests/test_orders.py": lambda text: BOTH(text) + ELSEWHERE},
        measured=True,
    ),
    Cheat(
        name="red tests",
        story="A test fails, its lines count as covered, and the job that runs the tests is not a required one.",
        edit=FAILING,
        rules=("EVIDENCE002",),
        twin_story="The test is right.",
        twin=LABELLED,
        measured=True,
    ),
    Cheat(
        name="a run that cannot finish",
        story="A conftest breaks, pytest ends with 4, and the figure that is shown is the last one that was written.",
        edit={"tests/conftest.py": "import nothing_of_that_name\n"},
        rules=("EVIDENCE001",),
        twin_story="The conftest imports what is there.",
        twin={"tests/conftest.py": "import shop.prices\n\nNAMES = dir(shop.prices)\n"},
        measured=True,
    ),
]
