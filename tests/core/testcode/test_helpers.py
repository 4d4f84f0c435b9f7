"""Assertions in helpers: of the same file, of other files, of bases and fixtures."""

import pytest

from coverage_roadmap.core.testcode import asserting_names, review

SAME_FILE_ASSERTS = {
    "a function": "def same(x):\n    assert x\ndef test_x():\n    same(1)",
    "a function over another": "def a(x):\n    assert x\ndef b(x):\n    a(x)\ndef test_x():\n    b(1)",
    "a function that is handed on": "def same(x):\n    assert x\ndef test_x():\n    map_all(same)",
    "a function in the parameters": "def a(x):\n    assert x\n@parametrize('how', [a])\ndef test_x(how):\n    how(1)",
    "a function that says assert": "def my_assert(x):\n    library(x)\ndef test_x():\n    my_assert(1)",
    "a function that raises": "def same(x):\n    raise ValueError\ndef test_x():\n    same(1)",
    "a method": "class TestA:\n    def same(self, x):\n        assert x\n    def test_x(self):\n        self.same(1)",
    "a base's method": (
        "class Base:\n    def same(self, x):\n        assert x\n"
        "class TestA(Base):\n    def test_x(self):\n        self.same(1)"
    ),
    "super": (
        "class Base:\n    def test_x(self):\n        assert 0\n"
        "class TestA(Base):\n    def test_x(self):\n        super().test_x()"
    ),
    "a class": "class Fake:\n    def send(self, x):\n        assert x\ndef test_x():\n    use(Fake())",
    "a class's base": "class A:\n    def m(self):\n        assert y\nclass B(A): ...\ndef test_x():\n    use(B())",
    "a class with an asserting method": (
        "class Fake:\n    def assert_sent(self):\n        library()\ndef test_x():\n    use(Fake())"
    ),
    "a fixture": "@pytest.fixture\ndef ready():\n    yield 1\n    assert done()\ndef test_x(ready):\n    use(ready)",
    "a fixture by another name": (
        "@pytest.fixture(name='ready')\ndef _ready():\n    assert done()\ndef test_x(ready):\n    use(ready)"
    ),
    "a fixture of a fixture": (
        "@pytest.fixture\ndef a():\n    assert done()\n"
        "@pytest.fixture\ndef b(a):\n    return a\ndef test_x(b):\n    use(b)"
    ),
    "a fixture that is a method": (
        "class TestA:\n    @pytest.fixture\n    def ready(self):\n        assert done()\n"
        "    def test_x(self, ready):\n        use(ready)"
    ),
    "usefixtures": (
        "@pytest.fixture\ndef a():\n    assert done()\n@pytest.mark.usefixtures('a')\ndef test_x():\n    use(1)"
    ),
    "a name that is bound": "def _a(x):\n    assert x\nsame = partial(_a, 1)\ndef test_x():\n    same()",
    "a method that is bound": (
        "def _a(x):\n    assert x\n"
        "class TestA:\n    same = staticmethod(_a)\n    def test_x(self):\n        self.same(1)"
    ),
    "a method that is bound in set-up": (
        "class TestA:\n    def setup_class(cls):\n        def inner(x):\n            assert x\n"
        "        cls.same = staticmethod(inner)\n    def test_x(self):\n        self.same(1)"
    ),
    "an inner class's base": (
        "class A:\n    def m(self):\n        assert done()\ndef test_x():\n    class B(A):\n        pass\n    use(B())"
    ),
}


@pytest.mark.parametrize("text", SAME_FILE_ASSERTS.values(), ids=SAME_FILE_ASSERTS)
def test_a_helper_in_the_same_file_counts(said, text):
    assert said(f"from lib import map_all, use\n{text}\n") == []


SAME_FILE_ASSERTS_NOTHING = {
    "a helper without an assertion": "def same(x):\n    use(x)\ndef test_x():\n    same(1)",
    "a check without an assertion": "def check_it(x):\n    use(x)\ndef test_x():\n    check_it(1)",
    "an empty assert helper": "def assert_it(x):\n    pass\ndef test_x():\n    assert_it(1)",
    "a helper that cannot fail": "def same(x):\n    assert True\ndef test_x():\n    same(1)",
    "a helper that nobody calls": "def same(x):\n    assert x\ndef test_x():\n    use(1)",
    "a helper that hides its assertion": (
        "def same(x):\n    try:\n        assert x\n    except Exception:\n        pass\ndef test_x():\n    same(1)"
    ),
    "a stub that raises": "class Fake:\n    def m(self):\n        raise ValueError\ndef test_x():\n    use(Fake())",
    "a generator": "def many():\n    yield 1\nclass A:\n    def m(self):\n        yield 1\ndef test_x():\n    use(A())",
    "a fixture that only sets up": "@pytest.fixture\ndef a():\n    yield 1\ndef test_x(a):\n    use(a)",
    "a parameter that is handed to a helper": "def run(what):\n    what(1)\ndef test_x():\n    run(print)",
    "two helpers that call each other": "def a():\n    b()\ndef b():\n    a()\ndef test_x():\n    a()",
    "a method of an inner class's own": (
        "class A:\n    def __init__(self):\n        assert done()\n"
        "def test_x():\n    class B:\n        def m(self):\n            super().__init__()\n    use(B())"
    ),
    "a bound name": "same = partial(use, 1)\nx.y = 3\na, b = 1, 2\ndef test_x():\n    same()",
    "an attribute": "class TestA:\n    def test_x(self):\n        self.same(1)",
    "a test case's own method": "class TestA(TestCase):\n    def test_x(self):\n        self.addCleanup(use)",
}


@pytest.mark.parametrize("text", SAME_FILE_ASSERTS_NOTHING.values(), ids=SAME_FILE_ASSERTS_NOTHING)
def test_a_helper_that_asserts_nothing_does_not(said, text):
    assert [kind for kind, _ in said(f"from lib import use\n{text}\n")] == ["no-assertion"]


CHECKS = "def same(x):\n    assert x\n"
CHECKER = "class Checker:\n    def same(self, x):\n        assert x\n"
ELSEWHERE_ASSERTS = {
    "imported": ("tests/helpers.py", CHECKS, "from tests.helpers import same\ndef test_x():\n    same(1)"),
    "imported as": ("tests/helpers.py", CHECKS, "from .helpers import same as s\ndef test_x():\n    s(1)"),
    "of a module": ("tests/helpers.py", CHECKS, "import tests.helpers as h\ndef test_x():\n    h.same(1)"),
    "of a module in a package": (
        "tests/helpers.py",
        CHECKS,
        "from tests import helpers\ndef test_x():\n    helpers.same(1)",
    ),
    "all names": ("tests/helpers.py", CHECKS, "from tests.helpers import *\ndef test_x():\n    same(1)"),
    "of a package": ("tests/help/__init__.py", CHECKS, "from tests.help import same\ndef test_x():\n    same(1)"),
    "a class": ("tests/helpers.py", CHECKER, "from helpers import Checker\ndef test_x():\n    use(Checker())"),
    "a base": (
        "tests/base.py",
        CHECKER,
        "from base import Checker\nclass TestA(Checker):\n    def test_x(self):\n        self.same(1)",
    ),
    "a fixture": ("tests/conftest.py", f"@pytest.fixture\n{CHECKS}", "def test_x(same):\n    use(same)"),
    "a fixture that is called": ("tests/conftest.py", f"@pytest.fixture\n{CHECKS}", "def test_x(same):\n    same(1)"),
}


@pytest.mark.parametrize(("path", "helper", "test"), ELSEWHERE_ASSERTS.values(), ids=ELSEWHERE_ASSERTS)
def test_a_helper_in_another_file_counts_and_does_not_once_it_is_hollow(read, path, helper, test):
    tests = read(test)
    hollow = read(helper.replace("assert x", "print(x)"), path)
    assert review([tests], asserting_names([tests, read(helper, path)])) == []
    assert [str(one.kind) for one in review([tests], asserting_names([tests, hollow]))] == ["no-assertion"]


def test_a_package_hands_on_what_it_imports(read):
    deep = read(CHECKS, "tests/help/deep.py")
    package = read("from .deep import same\n", "tests/help/__init__.py")
    tests = read("from tests.help import same\ndef test_x():\n    same(1)\n")
    assert review([tests], asserting_names([package, deep])) == []


def test_helpers_of_helpers_are_followed_from_file_to_file(read):
    files = [
        read("from tests.b import b\ndef a():\n    b()\n", "tests/a.py"),
        read("from tests.c import c\ndef b():\n    c()\n", "tests/b.py"),
        read("def c():\n    assert done()\n", "tests/c.py"),
    ]
    tests = read("from tests.a import a\ndef test_x():\n    a()\n")
    assert asserting_names(files)["a.a"]
    assert review([tests], asserting_names(files)) == []
    assert not asserting_names([*files[:2], read("def c():\n    pass\n", "tests/c.py")])["a.a"]


IN_DOUBT = {
    "a function from beside the tests": "from .helpers import compare\ndef test_x():\n    compare(1)",
    "a function of a test package": "from tests.helpers import compare\ndef test_x():\n    compare(1)",
    "a function of a test package's module": "from tests import helpers\ndef test_x():\n    helpers.compare(1)",
    "a function from a package's own tests": "from ...tests.utils import compare\ndef test_x():\n    compare(1)",
    "a function made for testing": "from lib.testing import is_not\ndef test_x():\n    is_not(1)",
    "a function of a module made for testing": "import lib.testing as t\ndef test_x():\n    t.is_not(1)",
    "a method of a base elsewhere": "class TestA(Base):\n    def test_x(self):\n        self.compare(1)",
    "a method of a base's own parent": "class TestA(Base):\n    def test_x(self):\n        super().test_x()",
    "a fixture of a plugin that is called": "def test_x(compare):\n    compare(1)",
    "a helper that is in doubt itself": "from .h import c\ndef a():\n    c()\ndef test_x():\n    a()",
}


@pytest.mark.parametrize("text", IN_DOUBT.values(), ids=IN_DOUBT)
def test_what_is_in_doubt_asserts(said, text):
    assert said(f"{text}\n") == []


NOT_IN_DOUBT = {
    "the package itself": "from lib.client import get\ndef test_x():\n    get(1)",
    "the package itself, from inside": "from ..client import get\ndef test_x():\n    get(1)",
    "a class made for testing": "from lib.testing import Runner\ndef test_x():\n    Runner()",
    "a call on what is no name": "def test_x():\n    a().get(1)",
}


@pytest.mark.parametrize("text", NOT_IN_DOUBT.values(), ids=NOT_IN_DOUBT)
def test_what_is_tested_is_not_in_doubt(said, text):
    assert said(f"{text}\n") == [("no-assertion", 2)] or said(f"{text}\n") == [("no-assertion", 1)]


def test_a_helper_that_is_known_not_to_assert_ends_the_doubt(read):
    tests = read("from .helpers import check_it\ndef test_x():\n    check_it(1)\n")
    helper = read("def check_it(x):\n    print(x)\n", "tests/helpers.py")
    assert review([tests]) == []
    assert [str(one.kind) for one in review([tests], asserting_names([helper]))] == ["no-assertion"]


def test_the_nearest_fixture_wins(read):
    conftest = read("@pytest.fixture\ndef ready():\n    assert done()\n", "tests/conftest.py")
    tests = read("@pytest.fixture\ndef ready():\n    return 1\ndef test_x(ready):\n    use(ready)\n")
    assert [str(one.kind) for one in review([tests], asserting_names([tests, conftest]))] == ["no-assertion"]
