"""Tests that never run."""

import pytest

from coverage_roadmap.core.testcode import review

NEVER_TRUE = "it stands under a condition that is never true"
NEVER = {
    "@pytest.mark.skip\ndef test_a():\n    f()\n": "no reason is given",
    "@pytest.mark.skip('later')\ndef test_a():\n    f()\n": "later",
    "@pytest.mark.skip(reason='much\\n later')\ndef test_a():\n    f()\n": "much later",
    "@pytest.mark.skip(reason=f'{x}')\ndef test_a():\n    f()\n": "its reason is made at run time",
    "@unittest.skip('later')\ndef test_a():\n    f()\n": "later",
    "from unittest import skip\n@skip('later')\ndef test_a():\n    f()\n": "later",
    "@pytest.mark.skipif(True, reason='later')\ndef test_a():\n    f()\n": "later",
    "@pytest.mark.skipif(condition=1, reason='later')\ndef test_a():\n    f()\n": "later",
    "@unittest.skipIf(True, 'later')\ndef test_a():\n    f()\n": "later",
    "@unittest.skipUnless(False, 'later')\ndef test_a():\n    f()\n": "later",
    "@pytest.mark.xfail(run=False, reason='later')\ndef test_a():\n    assert f()\n": "later",
    "def test_a():\n    '''Doc.'''\n    import x\n    pytest.skip('later')\n    assert f()\n": "later",
    "def test_a():\n    pytest.xfail(reason='later')\n": "later",
    "def test_a():\n    skip('later')\n": "later",
    "class TestA:\n    def test_a(self):\n        self.skipTest('later')\n": "later",
    "def test_a():\n    raise SkipTest('later')\n": "later",
    "def test_a():\n    raise unittest.SkipTest\n": "no reason is given",
    "def test_a():\n    if False:\n        assert f()\n": NEVER_TRUE,
    "if 0:\n    def test_a():\n        assert f()\n": NEVER_TRUE,
    "if 0:\n    class TestA:\n        def test_a():\n            f()\n": NEVER_TRUE,
    "pytestmark = pytest.mark.skip('later')\ndef test_a():\n    assert f()\n": "later",
    "pytestmark = [pytest.mark.slow, pytest.mark.skip('later')]\ndef test_a():\n    assert f()\n": "later",
    "import x\npytest.skip('later', allow_module_level=True)\ndef test_a():\n    assert f()\n": "later",
    "@pytest.mark.skip('later')\nclass TestA:\n    def test_a(self):\n        assert f()\n": "later",
    "class TestA:\n    pytestmark = pytest.mark.skip('later')\n    def test_a(self):\n        assert f()\n": "later",
    "@pytest.mark.skip('later')\nclass TestA:\n    class TestB:\n        def test_a(self):\n            f()\n": "later",
}


@pytest.mark.parametrize(("text", "reason"), NEVER.items(), ids=range(len(NEVER)))
def test_a_test_that_never_runs_is_told_with_its_reason_and_nothing_else(read, text, reason):
    (one,) = review([read(text)])
    assert (str(one.kind), one.text.partition(" never runs: ")[2]) == ("skipped", reason)


RUNS = [
    "@pytest.mark.skipif(sys.version_info < (3, 12), reason='x')\ndef test_a():\n    assert f()\n",
    "@pytest.mark.skipif('sys.platform == \"win32\"')\ndef test_a():\n    assert f()\n",
    "@pytest.mark.skipif(False, reason='x')\ndef test_a():\n    assert f()\n",
    "@unittest.skipUnless(True, 'x')\ndef test_a():\n    assert f()\n",
    "@pytest.mark.xfail\ndef test_a():\n    assert f()\n",
    "@pytest.mark.xfail(run=True)\ndef test_a():\n    assert f()\n",
    "@pytest.mark.xfail(sys.platform == 'x', run=False)\ndef test_a():\n    assert f()\n",
    "from lib.testing import skip\n@skip('sqlite')\ndef test_a():\n    assert f()\n",
    "@testing.skip('sqlite')\ndef test_a():\n    assert f()\n",
    "@marks[0]\ndef test_a():\n    assert f()\n",
    "def test_a(reader):\n    reader.skip(5)\n    assert reader.read()\n",
    "def test_a():\n    if windows:\n        pytest.skip('x')\n    assert f()\n",
    "def test_a():\n    if False:\n        g()\n    else:\n        assert f()\n",
    "def test_a():\n    raise ValueError\n",
    "def test_a():\n    raise\n",
    "pytestmark = pytest.mark.slow\ndef test_a():\n    assert f()\n",
    "if x:\n    pytest.skip(allow_module_level=True)\ndef test_a():\n    assert f()\n",
    "if 0:\n    pass\nelse:\n    def test_a():\n        assert f()\n",
]


@pytest.mark.parametrize("text", RUNS)
def test_a_test_that_runs_or_runs_under_a_condition_is_not(read, text):
    assert [one for one in review([read(text)]) if one.kind == "skipped"] == []


def test_a_skipped_class_does_not_skip_the_base_that_others_inherit(said):
    text = """\
        class Base:
            def test_a(self):
                assert f()

        @pytest.mark.skip("later")
        class TestA(Base):
            def test_b(self):
                assert f()

        class TestB(Base):
            pass
        """
    assert said(text) == [("skipped", 7)]
