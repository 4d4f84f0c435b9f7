"""The honest project that every case of the catalogue starts from: a shop, measured, gated, with a baseline."""

import sys

from .case import SOON, Edit, Step

PYTHON = "{}.{}".format(*sys.version_info[:2])

CONFIG = f"""[tool.coverage-roadmap]
source = ["src"]
tests = ["tests"]
exclude = []
requirements = ["requirements-dev.txt"]
python = "{PYTHON}"
workers = 1
timeout = 60
threshold = 80
dip-below = 50

[tool.coverage-roadmap.check]
severity = {{ DRIFT003 = "error", TEST006 = "error" }}

[[tool.coverage-roadmap.waivers]]
what = "phase2 coverage"
from = 90
to = 84
reason = "the drawer of the till is being replaced"
owner = "ann"
until = {SOON}

[[tool.coverage-roadmap.phases]]
name = "phase1"
title = "Raise to 80 %"
fail-under = 80
exit = [
  {{ criterion = "green" }},
  {{ criterion = "threshold", at-least = 80 }},
  {{ criterion = "coverage", at-least = 81 }},
  {{ criterion = "board-closed", stories = ["prices"] }},
]

[[tool.coverage-roadmap.phases.stories]]
id = "prices"
modules = ["src/shop/prices.py"]
tests = ["tests/test_prices.py"]
target = 75

[[tool.coverage-roadmap.phases]]
name = "phase2"
title = "Hold 84 %"
fail-under = 84
exit = [{{ criterion = "green" }}, {{ criterion = "coverage", at-least = 84, sustained-runs = 2 }}]

[[tool.coverage-roadmap.phases.stories]]
id = "orders"
modules = ["src/shop/orders.py", "src/shop/basket.py"]
tests = ["tests/test_orders.py"]
target = 60
"""

WORKFLOW = """name: tests
on: [push, pull_request]
permissions: { contents: read }
jobs:
  tests:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: tests
        run: |
          python -m pip install -r requirements-dev.txt
          python -m pytest --cov=src --cov-fail-under=80
"""

FILES = {
    ".gitignore": "__pycache__/\n.pytest_cache/\n.coverage\n",
    "pyproject.toml": CONFIG,
    "pytest.ini": "[pytest]\npythonpath = src\naddopts = -q --cov=src --cov-fail-under=80\n",
    ".coveragerc": (
        "[run]\nbranch = true\nomit =\n    */generated_*.py\n[report]\nexclude_also =\n    raise NotImplementedError\n"
    ),
    "requirements-dev.txt": "pytest\npytest-cov\n",
    ".github/workflows/tests.yml": WORKFLOW,
    "src/shop/__init__.py": "",
    "src/shop/prices.py": '''"""What things cost."""


def gross(net, rate):
    if rate < 0:
        raise ValueError("no such rate")
    return round(net * (100 + rate) / 100, 2)


def reduced(price, percent):
    if percent > 50:
        percent = 50
    return round(price * (100 - percent) / 100, 2)
''',
    "src/shop/stock.py": '''"""What lies in the shelves."""


class Stock:
    def __init__(self):
        self.held = {}

    def put(self, name, count):
        self.held[name] = self.held.get(name, 0) + count

    def take(self, name, count):
        if self.held.get(name, 0) < count:
            raise LookupError(name)
        self.held[name] -= count

    def audit(self):
        wrong = []
        for name, count in self.held.items():
            if count < 0:
                wrong.append(name)
        return wrong
''',
    "src/shop/orders.py": '''"""What is ordered."""


def total(lines):
    whole = 0
    for price, count in lines:
        whole += price * count
    return round(whole, 2)


def address(order):
    if not order.get("street"):
        return "to be fetched"
    return f"{order['street']}, {order['town']}"
''',
    "src/shop/basket.py": '''"""What is chosen."""


def add(basket, name):
    return [*basket, name]


def drop(basket, name):
    return [one for one in basket if one != name]
''',
    "src/shop/till.py": '''"""What is in the drawer."""


def change(due, given):
    return round(given - due, 2)
''',
    "src/tools/__init__.py": "",
    "src/tools/labels.py": '''"""Labels to print."""


def label(name, price):
    text = name.upper()
    text = text[:20]
    text = text.ljust(20)
    return f"{text} {price:.2f}"
''',
    "tests/test_prices.py": """import pytest
from shop.prices import gross, reduced


def test_gross():
    assert gross(100, 20) == 120


def test_a_rate_below_nothing_is_refused():
    with pytest.raises(ValueError, match="rate"):
        gross(100, -1)


def test_reduced():
    assert reduced(10, 10) == 9
    assert reduced(10, 60) == 5
""",
    "tests/test_stock.py": """import pytest
from shop.stock import Stock


def test_what_is_put_can_be_taken():
    stock = Stock()
    stock.put("tea", 3)
    stock.take("tea", 2)
    assert stock.held == {"tea": 1}
    assert stock.audit() == []


def test_more_than_is_there_is_refused():
    with pytest.raises(LookupError, match="tea"):
        Stock().take("tea", 1)
""",
    "tests/test_orders.py": """from shop.basket import add, drop
from shop.orders import address, total
from shop.till import change


def test_total():
    assert total([(2, 3), (1, 1)]) == 7


def test_an_order_without_a_street():
    assert address({}) == "to be fetched"


def test_basket():
    assert drop(add(["tea"], "milk"), "tea") == ["milk"]


def test_change():
    assert change(7, 10) == 3
""",
}

SENDING = '"""What is sent."""\n\n\ndef send(parcel):\n' + "    parcel += 1\n" * 8 + "    return parcel\n"
HIDDEN: Edit = {"src/shop/parcels.py": SENDING}
"""New code without a test, enough to take the total below 80 %."""
SENT: Edit = {"tests/test_parcels.py": "from shop.parcels import send\n\n\ndef test_sent():\n    assert send(0) == 8\n"}
FAILING: Edit = {"tests/test_weights.py": "def test_weight():\n    assert 1 + 1 == 3\n"}
LABELLED: Edit = {
    "tests/test_labels.py": (
        "from tools.labels import label\n\n\ndef test_label():\n    assert label('tea', 2).endswith(' 2.00')\n"
    )
}
WHOLE: tuple[Step, ...] = ({**HIDDEN, **SENT}, ("run", "phase1"), ("close",))
"""The new code is tested, and all tests are run."""
