import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.sites.shell import Command, Group, Source, parse, words


def source(text):
    return Source(text, range(len(text)))


def shown(group):
    """Commands as their words, groups as lists, operators between."""
    found = []
    for item in group.items:
        node = item.node
        found.append(shown(node) if isinstance(node, Group) else " ".join(word.text for word in node.words))
        found += [item.after] if item.after else []
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a b\tc", ["a", "b", "c"]),
        ("a 'b c' \"d e\"f", ["a", "b c", "d ef"]),
        ("''  \"\"", ["", ""]),
        ("a\\ b \\'c \\", ["a b", "'c", ""]),
        ("a \\\n  b\\\r\nc", ["a", "bc"]),
        ('"a\\"b\\\\c\\nd\\\ne"', ['a"b\\c\\nde']),
        ("a #b\nc#d", ["a", "c#d"]),
        ("$A ${B:-c d} ${{ env.X }} $(e f) `g h`", ["$A", "${B:-c d}", "${{ env.X }}", "$(e f)", "`g h`"]),
        ('"$(a b) c"', ["$(a b) c"]),
        ("a >b 2>&1 <<<c &>d", ["a", "b", "2", "1", "c", "d"]),
        ("cat <<EOF x\nin\n  EOF\ny", ["cat", "x", "y"]),
        ("cat <<-'A' <<B\n1\nA\n2\nB\r\ny", ["cat", "y"]),
        ("cat <<EOF\nin", ["cat", "in"]),
        ("cat << ; a", ["cat", "a"]),
        ("it's", ["it's"]),
        ('say "x', ["say", '"x']),
        ("`a ${b ${{c $(d", ["`a", "${b", "${{c", "$", "d"]),
        ('"$(a"', ["$(a"]),
        ("a\u00a0b\x0bc", ["a", "b", "c"]),
    ],
)
def test_words_are_what_the_shell_hands_on(text, expected):
    assert [word.text for word in words(source(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; b\nc", ["a", ";", "b", "\n", "c"]),
        ("a && b || c | d |& e & f", ["a", "&&", "b", "||", "c", "|", "d", "|&", "e", "&", "f"]),
        ("a ||\n\n b", ["a", "||", "b"]),
        ("(a; b) | c", [["a", ";", "b"], "|", "c"]),
        ("{ a; b; } || { c; }", [["a", ";", "b", ";"], "||", ["c", ";"]]),
        ("f() { a; }", ["f", [], ["a", ";"]]),
        ("case x in\n a) b ;; esac", ["case x in", "\n", "a", "b", ";;", "esac"]),
        ("; ) } a", ["a"]),
        ("echo { a }", ["echo { a }"]),
        ("'{' a", ["{ a"]),
    ],
)
def test_commands_are_joined_by_operators_and_held_in_groups(text, expected):
    assert shown(parse(source(text))) == expected


@pytest.mark.parametrize(
    ("text", "keyword", "tested", "negated"),
    [
        ("if a", "if", True, False),
        ("if ! time a", "if", True, True),
        ("then a", "then", False, False),
        ("do ! a", "!", True, True),
        ("! ! a", "!", True, False),
        ("a if", "", False, False),
        ("'if' a", "", False, False),
    ],
)
def test_a_command_knows_whether_its_status_is_a_condition(text, keyword, tested, negated):
    (item,) = parse(source(text)).items
    assert isinstance(item.node, Command)
    assert (item.node.keyword, item.node.tested, item.node.negated) == (keyword, tested, negated)


def test_commands_in_commands_stand_beside_the_words():
    (item,) = parse(source('a $(b c) "x $(d) y" `e`')).items
    assert [inner.text for inner in item.node.within] == ["b c", "d", "e"]
    assert [inner.at[0] for inner in item.node.within] == [4, 14, 21]


def test_groups_in_groups_end_somewhere():
    group, depth = parse(source("(" * 500 + "a" + ")" * 500)), 0
    while group.items and isinstance(group.items[0].node, Group):
        group, depth = group.items[0].node, depth + 1
    assert depth == 49


PIECES = [*"ab=1 \n\t'\"\\$`(){}<>|&;#", "$(", "${{", "}}", "<<", "EOF", "if", "\r\n", "function"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_and_every_character_of_a_word_stands_where_it_says(text):
    assert isinstance(parse(source(text)), Group)
    for word in words(source(text)):
        assert [text[at] for at in word.at] == list(word.text)
