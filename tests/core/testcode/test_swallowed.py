"""What ends in silence around the thing tested."""

import pytest


def attempt(handler, body="run(x)", after="", before=""):
    lines = [before, "try:", f"    {body}", handler, after]
    return "def test_a(x):\n" + "".join(f"    {line}\n" for line in "\n".join(lines).split("\n"))


SILENT = [
    "except Exception:\n    pass",
    "except:\n    pass",
    "except BaseException:\n    ...",
    "except AssertionError:\n    pass",
    "except (ValueError, Exception):\n    return",
    "except Exception as e:\n    print(e)",
    "except Exception:\n    'it is fine'",
    "except Exception:\n    traceback.print_exc()\n    return None",
    "except ValueError:\n    raise\nexcept Exception:\n    pass",
]


@pytest.mark.parametrize("handler", SILENT)
@pytest.mark.parametrize("body", ["run(x)", "assert run(x)"])
def test_a_try_that_ends_in_silence_is_told_with_its_line(said, handler, body):
    assert said(attempt(handler, body)) == [("swallowed", 3)]


@pytest.mark.parametrize("what", ["Exception", "BaseException", "AssertionError", "ValueError, Exception"])
@pytest.mark.parametrize("body", ["run(x)", "assert run(x)"])
def test_a_suppress_that_ends_in_silence_is_told(said, what, body):
    assert said(f"def test_a(x):\n    with contextlib.suppress({what}):\n        {body}\n") == [("swallowed", 2)]


def test_an_assertion_that_is_hidden_is_told_though_others_stand_beside(said):
    assert said(attempt("except Exception:\n    pass", "assert run(x)", "assert x")) == [("swallowed", 3)]


FAIR = {
    "another exception": attempt("except ValueError:\n    pass", "assert run(x)"),
    "no exception named": attempt("except ():\n    pass", "assert run(x)"),
    "a handler that fails": attempt("except Exception:\n    pytest.fail()"),
    "a handler that keeps it": attempt("except Exception as e:\n    caught = e", after="assert caught"),
    "a handler that logs": attempt("except Exception:\n    log.exception('x')", after="assert x"),
    "a must-raise by else": attempt("except Exception:\n    pass\nelse:\n    raise AssertionError"),
    "a must-raise by what follows": attempt("except Exception:\n    return", after="assert False"),
    "a must-raise by pytest.fail": attempt("except Exception:\n    pass", "run(x); pytest.fail()"),
    "its effect is asserted": attempt("except Exception:\n    pass", after="assert x"),
    "a clean-up": attempt("except Exception:\n    pass", "x.close()", before="assert run(x)"),
    "nothing is called": attempt("except Exception:\n    pass", "y = 1", after="assert x"),
    "what it raises is logged": attempt("except Exception:\n    pass", "raise ValueError", after="assert x"),
    "raises in it": attempt("except Exception:\n    pass", "with pytest.raises(ValueError):\n        run(x)"),
    "suppress of another": "def test_a(x):\n    with suppress(OSError):\n        assert run(x)\n",
    "a suppress of nothing": "def test_a(x):\n    with suppress():\n        assert run(x)\n",
    "another context": "def test_a(x):\n    with closing(Exception), x:\n        assert run(x)\n",
    "a retry": """\
        def test_a(x):
            for _ in range(3):
                try:
                    assert run(x)
                    break
                except Exception:
                    continue
        """,
}


@pytest.mark.parametrize("text", FAIR.values(), ids=FAIR)
def test_what_lets_failures_through_is_not(said, text):
    assert said(text) == []


def test_pytest_s_own_outcomes_pass_an_exception_handler_and_not_a_bare_one(said):
    assert said(attempt("except Exception:\n    pass", "pytest.fail()")) == []
    assert said(attempt("except:\n    pass", "pytest.fail()")) == [("swallowed", 3)]


def test_a_loop_over_cases_that_hides_each_failure_is_told(said):
    text = """\
        def test_a(x):
            for x in range(3):
                try:
                    assert run(x)
                except Exception:
                    continue
        """
    assert said(text) == [("swallowed", 3)]


def test_an_exception_group_s_handler_is_one(said):
    assert said(attempt("except* Exception:\n    pass", "assert run(x)")) == [("swallowed", 3)]


def test_what_is_hollow_in_it_is_told_too(said):
    assert said(attempt("except Exception:\n    pass", "run(x); assert True")) == [("swallowed", 3), ("hollow", 4)]
