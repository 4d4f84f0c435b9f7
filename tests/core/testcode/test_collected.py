"""Which functions are tests, and files that cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.testcode import LARGEST, PYTEST, Style, asserting_names, examine, review

TEXT = """
def test_a(): ...
async def test_b(): ...
def helper(): ...
@pytest.fixture
def test_data(): ...

class TestA(Base):
    def test_c(self): ...
    async def test_d(self): ...
    def helper(self): ...
    class TestInner:
        def test_e(self): ...

class TestWithInit:
    def __init__(self): ...
    def test_no(self): ...

class Plain:
    def test_no(self): ...

class Unit(unittest.TestCase):
    def __init__(self): ...
    def test_f(self): ...
    def check_g(self): ...

class Base:
    def test_h(self): ...

class TestB(Base, Generic[T]):
    def test_i(self): ...

if sys.platform == "linux":
    def test_j(): ...
else:
    def test_k(): ...

try:
    def test_l(): ...
except ImportError:
    def test_m(): ...
finally:
    def test_n(): ...
"""


def names(text, style=PYTEST):
    return [test.name for test in examine("tests/test_a.py", text, style).tests]


def test_tests_are_what_pytest_takes_for_them():
    assert names(TEXT) == [
        *("test_a", "test_b", "TestA::test_c", "TestA::test_d", "TestA::TestInner::test_e", "TestA::test_h"),
        *("Unit::test_f", "TestB::test_i", "test_j", "test_k", "test_l", "test_n", "test_m"),
    ]


def test_a_project_s_own_names_are_taken():
    functions = "def check_a(): ...\ndef test_a(): ...\n"
    classes = "class CheckA:\n    def spec_b(self): ...\nclass TestA:\n    def spec_c(self): ...\n"
    assert names(functions + classes, Style(("check", "spec_*"), ("*A",))) == [
        "check_a",
        "CheckA::spec_b",
        "TestA::spec_c",
    ]


def test_a_line_is_that_of_the_def():
    assert [test.line for test in examine("a.py", "@mark\ndef test_a():\n    assert x\n").tests] == [2]


def test_a_class_that_inherits_from_itself_ends():
    assert names("class TestA(TestB):\n    def test_a(self): ...\nclass TestB(TestA): ...\n") == ["TestA::test_a"]


def test_a_test_tells_whether_it_asserts_as_far_as_its_own_file_goes():
    tests = examine("a.py", "def a():\n    assert x\ndef test_a():\n    a()\ndef test_b():\n    b()\n").tests
    assert [test.asserts for test in tests] == [True, False]


ASSERTING = "def test_a():\n    assert x\n"
BROKEN = {
    "def test_a(:\n    pass\n": (1, "it does not parse: invalid syntax"),
    "x = 1\nif x:\ny = 2\n": (3, "it does not parse: expected an indented block after 'if' statement on line 2"),
    "<<<<<<< HEAD\n": (1, "it does not parse: invalid syntax"),
    "x = 1\0": (0, "it does not parse: source code string cannot contain null bytes"),
    "x = '\ud800'": (0, "it holds what is no text"),
    f"x = {'-' * 100_000}1": (0, "it is nested too deep to be read"),
    f"x = {'9' * 5000}": (1, None),
    "#" * (LARGEST + 1): (0, "it has more than 5,000,000 characters"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.items(), ids=range(len(BROKEN)))
def test_a_file_that_cannot_be_read_says_why(text, told):
    (one,) = review([examine("tests/test_a.py", text)])
    assert (str(one.kind), one.path, one.line) == ("broken", "tests/test_a.py", told[0])
    assert told[1] in (None, one.text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdef test_a():\n    assert f()\n",
        "def test_a():\r\n    assert f('\\d')\r\n",
        "def test_a():\n    assert 1if x else 0\n",
        "def test_a():\n    if a:\n        f()\n" + "    elif b:\n        f()\n" * 300 + "    assert x\n",
        "class TestA(A0): ...\n" + "".join(f"class A{i}(A{i + 1}): ...\n" for i in range(100)) + ASSERTING,
        "".join(f"from m{i} import *\n" for i in range(100)) + ASSERTING,
    ],
    ids=["a mark of order", "an odd escape", "an odd literal", "many branches", "many bases", "many stars"],
)
def test_what_is_odd_is_read_without_a_warning(said, text):
    assert said(text) == []


def test_many_functions_that_call_each_other_are_read_in_passing():
    text = "".join(f"def h{i}():\n    h{i + 1}()\ndef test_{i}():\n    h{i}()\n" for i in range(3000))
    file = examine("tests/test_a.py", text)
    assert len(review([file])) == 3000
    assert review([examine("tests/test_a.py", f"{text}def h3000():\n    assert x\n")]) == []


PIECES = st.sampled_from(
    [
        *("def test_a(x):", "class TestA(B):", "async def f():", "try:", "except:", "else:", "if x:", "with y as z:"),
        *("assert x", "assert True", "pass", "return", "raise", "x.assert_called_onec()", "self.f(x)", "yield x"),
        *("for x in y:", "while 0:", "@pytest.fixture", "from . import *", "import a.b as c", "match x:", "case [*_]:"),
        *("f = lambda *a, **k: {**k}", "super().f()", "pytestmark = [m.skip]", "self.f = g", "finally:", "x: int"),
    ]
)


@given(st.lists(st.tuples(st.integers(0, 4), PIECES), max_size=30))
def test_any_text_is_read(lines):
    text = "\n".join(f"{'    ' * depth}{piece}" for depth, piece in lines)
    file = examine("tests/test_a.py", text)
    asserting_names([file])
    assert all(one.path == "tests/test_a.py" and one.line >= 0 for one in review([file]))


NESTED = st.recursive(
    st.sampled_from(["assert x", "f(x)", "pass", "return 1", "raise", "assert 1", "self.g()", "x.called_once()"]),
    lambda inner: st.tuples(
        st.sampled_from(
            [
                *("if x:{0}", "if 0:{0}\nelse:{1}", "try:{0}\nexcept Exception:{1}", "for x in y:{0}\nelse:{1}"),
                *("try:{0}\nexcept:{1}\nelse:{0}\nfinally:{1}", "with suppress(Exception):{0}", "def g():{0}\ng()"),
                *("class C(B):\n    def f(self):{0}", "match x:\n    case 1:{0}\n", "while x:{0}"),
            ]
        ),
        inner,
        inner,
    ).map(lambda it: _block(*it)),
    max_leaves=12,
)


def _block(shape, first, second):
    def inside(text, deep):
        return "".join(f"\n{' ' * deep}{line}" for line in text.split("\n"))

    lines = [
        line.replace("{0}", inside(first, indent)).replace("{1}", inside(second, indent))
        for line in shape.split("\n")
        for indent in [len(line) - len(line.lstrip()) + 4]
    ]
    return "\n".join(lines)


@given(NESTED)
def test_any_test_is_read_whole_and_an_assertion_before_it_makes_it_assert(body):
    inside = body.replace("\n", "\n    ")
    file = examine("tests/test_a.py", f"def test_a(x):\n    assert x\n    {inside}\n")
    assert file.broken is None
    assert file.tests[0].asserts
