"""What counts as an assertion of the test's own, and what does not."""

import pytest

HEAD = """
import pytest as pt
from pytest import raises as fails, warns
from unittest.mock import Mock
import numpy.testing as npt
import warnings, subprocess
from lib import f, check_it, g
"""

ASSERTS = {
    "assert": "assert f() == 1",
    "raises": "with pt.raises(ValueError):\n    f()",
    "raises called": "pt.raises(ValueError, f)",
    "raises under another name": "with fails(ValueError):\n    f()",
    "warns": "with warns(UserWarning):\n    f()",
    "deprecated_call": "with pt.deprecated_call():\n    f()",
    "fail": "if f():\n    pt.fail('no')",
    "unittest": "self.assertEqual(f(), 1)",
    "unittest fail": "self.fail()",
    "old unittest": "self.failUnless(f())",
    "mock": "Mock().method.assert_called_once_with(3)",
    "awaited mock": "Mock().assert_awaited_once()",
    "numpy": "npt.assert_allclose(f(), 1)",
    "any assert": "xp_assert_equal(f(), 1)",
    "check_": "g().check_state()",
    "verify_": "verify_all(f())",
    "imported check_": "check_it(f())",
    "expect": "page.expect_title('x')",
    "should": "f().should_equal(3)",
    "raise AssertionError": "raise AssertionError",
    "raise of its own": "if f():\n    raise ValueError('no')",
    "raise again": "try:\n    f()\nexcept OSError as e:\n    if e.errno:\n        raise",
    "raise otherwise": "try:\n    f()\nexcept OSError:\n    pass\nelse:\n    raise ValueError",
    "subprocess": "subprocess.run(['x'], check=True)",
    "check_call": "subprocess.check_call(['x'])",
    "pytester": "f().assert_outcomes(passed=1)",
    "pytester lines": "f().stdout.fnmatch_lines(['x'])",
    "status": "f().raise_for_status()",
    "warnings as errors": "with warnings.catch_warnings():\n    warnings.simplefilter('error')\n    f()",
    "yield": "yield f, 1",
    "yield from": "yield from f()",
    "in a loop": "for x in f():\n    assert x",
    "in an else of a loop": "for x in f():\n    pass\nelse:\n    assert x",
    "in a while": "while f():\n    assert g()",
    "in a match": "match f():\n    case 1:\n        assert g()",
    "in a lambda": "f(lambda x: x.assert_called())",
    "in finally": "try:\n    f()\nfinally:\n    assert g()",
    "in an elif": "if f():\n    g()\nelif g():\n    assert f()",
    "where the condition is true": "if True:\n    assert f()",
    "in an inner function that is used": "def inner():\n    assert f()\ng(inner)",
    "in an inner function of an inner one": "def a():\n    assert f()\ndef b():\n    a()\nb()",
    "in a decorated inner function": "@f\ndef inner():\n    assert g()",
    "in an inner class that is used": "class A:\n    def m(self):\n        assert f()\ng(A())",
    "in an inner class with a base": "class A(g):\n    def m(self):\n        raise AssertionError",
    "in a stub, under a condition": "class A:\n    def m(self):\n        if x:\n            raise OSError\ng(A())",
    "in a context": "with f() as x:\n    assert x",
    "does_not_raise": "with does_not_raise():\n    f()",
    "eq_": "eq_(f(), 1)",
}


@pytest.mark.parametrize("body", ASSERTS.values(), ids=ASSERTS)
@pytest.mark.parametrize("head", ["def test_x(self, page):", "async def test_x(self, page):"])
def test_what_asserts_is_not_complained_of(said, head, body):
    if head.startswith("async") and "yield from" in body:
        body = "yield f()"
    inside = body.replace("\n", "\n    ")
    assert said(f"{HEAD}\n{head}\n    {inside}\n") == []


ASSERTS_NOTHING = {
    "nothing": "pass",
    "an ellipsis": "...",
    "a docstring": "'''It works.'''",
    "a call": "f()",
    "an import": "import lib",
    "a comparison that nobody looks at": "f() == 1",
    "a raise that is only passed on": "try:\n    f()\nexcept OSError:\n    raise",
    "an assertion after a return": "f()\nreturn\nassert g()",
    "an assertion after a skip": "f()\npytest.skip()\nassert g()",
    "an assertion in a loop after a break": "for x in f():\n    break\n    assert x",
    "an assertion under a false condition": "f()\nif False:\n    assert g()\nelse:\n    g()",
    "an assertion after a true condition": "if True:\n    f()\nelif g():\n    assert g()",
    "an assertion in a loop that never turns": "f()\nwhile False:\n    assert g()",
    "an inner function that nobody uses": "def inner():\n    assert g()\nf()",
    "an inner class that nobody uses": "class A:\n    def m(self):\n        assert g()\nf()",
    "a stub that raises": "def stub():\n    raise ValueError\nf(stub)",
    "warnings that are ignored": "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    f()",
    "a run that is not checked": "subprocess.run(['x'], check=False)",
    "capsys": "f(capsys)",
    "a delete": "del x\nglobal y",
}


@pytest.mark.parametrize("body", ASSERTS_NOTHING.values(), ids=ASSERTS_NOTHING)
def test_what_asserts_nothing_is_told_with_its_line(said, body):
    inside = body.replace("\n", "\n    ")
    assert said(f"{HEAD}\ndef test_x(capsys, x):\n    {inside}\n") == [("no-assertion", 9)]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("def test_x(snapshot):", "snapshot.use(1)"),
        ("def test_x(data_regression):", "f(data_regression)"),
        ("def test_x(benchmark):", "benchmark(f)"),
        ("def test_x(httpx_mock):", "f()"),
        ("def test_x(func):", "func(1)"),
        ("def test_x(check):", "check(1)"),
        ("def test_x(*, make_it):", "make_it(1)"),
        ("def test_x(expectation):", "with expectation:\n        f()"),
        ("@pt.mark.parametrize('one, how', [(1, 2)])\ndef test_x(one, how):", "with how:\n        f(one)"),
        ("@pt.mark.parametrize(['one', 'how'], [(1, 2)])\ndef test_x(one, how):", "with how:\n        f(one)"),
        ("@pt.mark.xfail(raises=ValueError)\ndef test_x():", "f()"),
        ("@pt.mark.filterwarnings('error')\ndef test_x():", "f()"),
        ("@pt.mark.mypy_testing\ndef test_x():", "reveal_type(1)"),
        ("@image_comparison(['x'])\ndef test_x():", "f()"),
        ("@given(st.text())\ndef test_x(x):", "assert f(x)"),
        ("def test_x():", "'''>>> f()\n    3\n    '''"),
    ],
)
def test_fixtures_marks_and_parameters_that_check_count(said, head, body):
    assert said(f"import pytest as pt\n{head}\n    {body}\n") == []


@pytest.mark.parametrize(
    "head",
    [
        "@given(st.text())\ndef test_x(x):",
        "@pt.mark.parametrize('cls', [A, B])\ndef test_x(cls):\n    cls()",
        "@pt.mark.parametrize(argnames, [1])\ndef test_x(cls):",
        "@pt.mark.filterwarnings('ignore')\ndef test_x():",
        "@pt.mark.filterwarnings\ndef test_x(a=f()):",
        "@pt.mark.usefixtures('db')\ndef test_x(tmp_path):",
        "def test_x(client):\n    with client:\n        f(client)",
    ],
)
def test_other_fixtures_marks_and_parameters_do_not(said, head):
    assert [kind for kind, _ in said(f"import pytest as pt\n{head}\n    f()\n")] == ["no-assertion"]


def test_an_empty_test_asserts_nothing_whatever_its_fixtures(said):
    assert said("def test_x(snapshot, check):\n    '''Later.'''\n") == [("no-assertion", 1)]
