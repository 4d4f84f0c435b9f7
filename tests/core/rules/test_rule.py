"""What a rule is."""

import pytest

from coverage_roadmap.core.rules.rule import Rule


class Own(Rule):
    """A thing is wrong.

    Mend it.
    """


def test_a_rules_docstring_is_its_advice_and_the_first_line_its_title():
    assert (Own().title, Own().advice) == ("A thing is wrong.", "A thing is wrong.\n\nMend it.")


def test_a_rule_must_say_what_it_finds(facts):
    with pytest.raises(NotImplementedError):
        Own().find(facts())
