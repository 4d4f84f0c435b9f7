import pytest

from coverage_roadmap.core.sites import outline
from coverage_roadmap.core.sites.document import UnreadableError, load, source


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b c", "b c"),
        ("a: &x !!str b", "b"),
        ("a: b\n  c\n\n  d", "b c\nd"),
        ("a: 'b ''c'' d\n  e'", "b 'c' d e"),
        ('a: "b\\n\\x41\\u00e9 \\"c\\"\\\n   d"', 'b\nAé "c"d'),
        ("a: |\n  b\n    c\n\n  d\n", "b\n  c\n\nd\n"),
        ("a: |2-  # note\n    b\n   c\n", "  b\n c"),
        ("a: >\n  b\n  c\n\n  d", "b c\nd"),
        ("a: |+\n  b\n\n\n", "b\n\n\n"),
        ("a: |\r\n  b\r\n  c\r\n", "b\nc\n"),
        ("a: ''", ""),
        ("a:", ""),
        ("\ufeffa: b", "b"),
        ("a: 'b\\\n  c'", "b\\ c"),
    ],
)
def test_every_sign_of_a_value_that_is_no_blank_stands_where_it_says(text, value):
    (root,) = load(text)
    found = source(text, root.at("a"))
    assert found.text == value
    assert len(found.at) == len(value)
    for char, at in zip(value, found.at, strict=True):
        assert text[at] == char or char in " \n" or text[at] == "\\"


@pytest.mark.parametrize("text", ['a: "b\x85c"', "a: |\n  b\x85  c"])
def test_after_a_sign_that_cannot_be_followed_none_stands_where_it_says(text):
    (root,) = load(text)
    found = source(text, root.at("a"))
    assert [text[at] for at in found.at][found.text.index("c") :] == ["\x85"]


def test_values_are_found_by_their_keys_through_merges():
    text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc:\n  <<: [*a, {z: 4}]\n  <<: {w: 5}\nd: [1]\n"
    (root,) = load(text)
    assert [root.text("b", key) for key in "xyz"] == ["1", "3", ""]
    assert [root.text("c", key) for key in "xyzw"] == ["1", "2", "4", "5"]
    assert (root.text("d", "x"), root.text("none", "x"), root.text("b")) == ("", "", "")
    assert [node.value for node in root.at("d").listed()] == ["1"]
    assert root.listed() == []


def test_merges_that_never_end_are_given_up():
    (root,) = load("a: &a\n  <<: *a\n")
    assert root.at("a", "x") is None


def test_a_key_that_is_written_twice_is_known():
    (root,) = load("a: 1\nb: 2\na: 3\n? [c]\n: 4\n")
    assert [node.twice for _, node in root.pairs()] == [True, False, True]


def test_what_is_no_yaml_is_refused_with_its_place():
    with pytest.raises(UnreadableError) as caught:
        load("a: b\nc: *d\n")
    assert (caught.value.place, caught.value.reason) == (8, "there is no anchor d")


def test_what_a_document_says_are_its_scalars_in_order():
    assert outline("a.yml", "a: [b, 'c']\n") == [
        ((2, "map", ""), ""),
        ((0, "scalar", ""), "a"),
        ((2, "list", ""), ""),
        ((0, "scalar", ""), "b"),
        ((0, "scalar", "'"), "c"),
    ]
    assert outline("a.yml", "a: [b] # x") == outline("a.yml", "a:\n- b")
    assert outline("a.yml", "a: &a [*a]")[-1] == (("again",), "")
    assert outline("a.yml", "a: [") is None
    assert outline("README.md", "a") is None
