"""Assertions that can never fail."""

import pytest

from coverage_roadmap.core.testcode import review

HOLLOW = [
    "assert True",
    "assert 1",
    "assert 'text'",
    "assert f'text {x}'",
    "assert (x, 'message')",
    "assert [x]",
    "assert {x}",
    "assert {x: 1}",
    "assert not False",
    "assert not ()",
    "assert x or True",
    "assert True and 1",
    "assert lambda: x",
    "assert (y == 1 for y in x)",
    "assert 1 == 1",
    "assert 'a' is 'a'",
    "assert 1 != 2",
    "assert len(x) >= 0",
    "assert 0 <= len(x)",
    "assert len(x) > -1",
    "assert isinstance(x, object)",
    "assert x.called_once",
    "assert x.assert_called_once",
    "assert x.called_once_with(3)",
    "x.assert_called_once",
    "x.assert_called_onec()",
    "x.asert_called_once()",
    "x.called_once_with(3)",
    "x.has_calls([])",
    "self.assertTrue(True)",
    "self.assertTrue([1], x)",
    "self.assertFalse(0)",
    "self.assertIsNone(None)",
    "self.assertIsNotNone('x')",
    "self.assertEqual(1, 1)",
]


@pytest.mark.parametrize("line", HOLLOW)
def test_an_assertion_that_can_never_fail_is_told_with_its_line(said, line):
    assert said(f"def test_a(self, x):\n    run(x)\n    {line}\n") == [("hollow", 3)]
    assert said(f"def test_a(self, x):\n    {line}\n    assert x\n") == [("hollow", 2)]


ALONE = ["assert x == x", "assert x is x", "assert x.y == x.y", "self.assertEqual(x, x)", "self.assertIs(x, x)"]


@pytest.mark.parametrize("line", ALONE)
def test_a_thing_compared_with_itself_is_told_where_nothing_else_asserts(said, line):
    assert said(f"def test_a(self, x):\n    {line}\n") == [("hollow", 2)]
    assert said(f"def test_a(self, x):\n    {line}\n    assert x != 3\n") == []
    assert said(f"def test_equality(self, x):\n    {line}\n") == []


FAIR = [
    "assert x",
    "assert not x",
    "assert x and True",
    "assert False, 'not reached'",
    "assert ()",
    "assert [*x]",
    "assert {**x}",
    "assert f'{x}'",
    "assert (yield)",
    "assert x() == x()",
    "assert x.y is x.y",
    "assert x[0] == x[1]",
    "assert 1 == 2",
    "assert 1 < x < 3",
    "assert len(x) > 0",
    "assert len(x) >= 1",
    "assert isinstance(x, dict)",
    "assert x.called",
    "assert x.call_count == 1",
    "assert x.has_calls",
    "x.assert_called_once()",
    "x.assert_all_called()",
    "x.assert_called_twice()",
    "self.assertTrue(x)",
    "self.assertFalse(x)",
    "self.assertFalse(1)",
    "self.assertEqual(x, 1)",
    "self.assertEqual(x(), x())",
    "self.assertIsNone(x)",
    "self.assertIsNotNone(x)",
    "self.assertEqual(1, 2)",
    "self.assertTrue()",
]


@pytest.mark.parametrize("line", FAIR)
def test_an_assertion_that_can_fail_is_not(said, line):
    assert said(f"def test_a(self, x):\n    {line}\n") == []


def test_a_marker_beside_a_branch_that_fails_is_no_matter(said):
    text = """\
        def test_a(x):
            try:
                run(x)
                assert False
            except ValueError:
                assert True

        def test_b(x):
            if run(x):
                assert True
            else:
                raise AssertionError
        """
    assert said(text) == []


def test_a_marker_without_a_branch_that_fails_is_told(said):
    text = """\
        def test_a(x):
            try:
                run(x)
            except ValueError:
                assert True
        """
    assert said(text) == [("hollow", 5)]


def test_what_the_file_itself_defines_is_no_mock(said):
    text = """\
        class Fake:
            def called_with(self, x):
                return x == 1
            def not_called(self):
                raise AssertionError

        def test_a():
            fake = Fake()
            assert fake.called_with(2)
            fake.not_called()
        """
    assert said(text) == []


def test_a_hollow_line_in_an_inner_function_is_told_where_nothing_else_asserts(said):
    text = """\
        def test_a(x):
            def inner():
                assert True
            {}run(inner)
        """
    assert said(text.format("")) == [("hollow", 3)]
    assert said(text.format("assert ")) == []


def test_hollow_lines_of_a_test_whose_helper_asserts_elsewhere_are_told_and_idle_ones_not(read):
    tests = read("from .helpers import same\ndef test_a(x):\n    same(x)\n    assert x == x\n    assert True\n")
    assert [(str(one.kind), one.line) for one in review([tests])] == [("hollow", 5)]


def test_the_line_is_quoted_short(read):
    tests = read(f"def test_a():\n    assert 'a{'b' * 200}'\n")
    (one,) = review([tests])
    assert one.text == f"test_a: this can never fail: assert 'a{'b' * 71}"
