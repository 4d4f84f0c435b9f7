import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.checkup import listed, normal, with_requirement


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("pytest\npyfakefs>=5\n", {"pytest", "pyfakefs"}),
        ("# pyfakefs\n  #pytest\n-r other.txt\n--hash=x\n\n", set()),
        ("Prometheus_Client[x]==1 ; python_version<'4'\r\na.b @ https://x/y\n", {"prometheus-client", "a-b"}),
        ("../local\n*\n", set()),
    ],
)
def test_requirements_files_name_distributions(text, names):
    assert listed({"requirements.txt": text}) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[project]\nname = "own"\ndependencies = ["pandas>=2", "A_b[x]"]\n', {"pandas", "a-b"}),
        ('[project.optional-dependencies]\ntest = ["pyfakefs"]\n', {"pyfakefs"}),
        ('[dependency-groups]\ndev = ["pytest", {include-group = "x"}]\n', {"pytest"}),
        ('project = 1\ndependency-groups = ["x"]\n', set()),
        ('[project]\ndependencies = "pandas"\n', set()),
        ('dependencies = ["x"]\n# pyfakefs\n', set()),
        ("pyfakefs\n", set()),
    ],
)
def test_metadata_names_distributions_in_its_own_lists_alone(text, names):
    assert listed({"sub/pyproject.toml": text}) == names


@pytest.mark.parametrize(
    ("name", "shown"), [("A_b.-C", "a-b-c"), ("pyfakefs>=5.7", "pyfakefs"), ("x[extra] @ url", "x"), ("?", "?")]
)
def test_names_are_compared_as_the_index_does(name, shown):
    assert normal(name) == shown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "pyfakefs\n"),
        ("pytest\n", "pytest\npyfakefs\n"),
        ("pytest", "pytest\npyfakefs\n"),
        ("pytest\r\nx", "pytest\r\nx\r\npyfakefs\r\n"),
        ("pytest\n# pyfakefs\nx\n", "pytest\npyfakefs\nx\n"),
        ("pytest\n#pyfakefs", "pytest\npyfakefs"),
        ("a\n  ## PyFakeFS>=5.7,<6 \r\nb\r\n", "a\nPyFakeFS>=5.7,<6\r\nb\r\n"),
        ("#\tpyfakefs[x] == 5.*\n", "pyfakefs[x] == 5.*\n"),
        ("# pyfakefs\n# pyfakefs\n", "pyfakefs\n# pyfakefs\n"),
        ("# pyfakefs is for phase 4\n", "# pyfakefs is for phase 4\npyfakefs\n"),
        ("# pyfakefs?\n# pyfakefs.\n", "# pyfakefs?\n# pyfakefs.\npyfakefs\n"),
        ("# pyfakefs-extra\n", "# pyfakefs-extra\npyfakefs\n"),
        ("x  # pyfakefs\n", "x  # pyfakefs\npyfakefs\n"),
        ("pytest==8 \\\n", "pytest==8 \\\n\npyfakefs\n"),
    ],
)
def test_a_missing_requirement_is_brought_back_or_added(before, after):
    assert with_requirement(before, "pyfakefs") == after


TEXT = st.lists(
    st.sampled_from(["pytest", "# pyfakefs", "#pyfakefs==5", "# see pyfakefs", "é\u2028# pyfakefs", "\t", "", "x \\"])
    | st.text(st.sampled_from("#ab \t\\\x0c-"), max_size=6),
    max_size=6,
).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines)))


@given(TEXT, st.sampled_from(["", "\n", "\r\n"]))
def test_every_other_line_stays_to_the_byte_and_the_requirement_is_listed_then(text, end):
    before = text + end
    after = with_requirement(before, "pyfakefs")
    if after.startswith(before):
        assert after[len(before) :].strip() == "pyfakefs"
    else:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        changed = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
        assert len(changed) == 1
        was, now = changed[0]
        assert was.lstrip("# \t").split() == now.split()
        assert was[len(was.rstrip("\r\n")) :] == now[len(now.rstrip("\r\n")) :]
    assert "pyfakefs" in listed({"requirements.txt": after})
