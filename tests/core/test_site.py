from decimal import Decimal

import pytest

from coverage_roadmap.core.site import Site, find


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q --cov-fail-under=55\n", [(2, "55")]),
        ("pytest.ini", "[pytest]\r\naddopts = --cov-fail-under 55.5 -q\r\n", [(2, "55.5")]),
        ("tox.ini", "[testenv]\nx = --cov-fail-under=1\n[pytest]\naddopts =\n  --cov-fail-under=60", [(5, "60")]),
        ("setup.cfg", "[tool:pytest] ; here\naddopts = --cov-fail-under=60\n", [(2, "60")]),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "--cov-fail-under=60"', [(2, "60")]),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["--cov-fail-under", "60"]', [(2, "60")]),
        ("pyproject.toml", "[tool.pytest]\naddopts = ['--cov-fail-under', '60']", [(2, "60")]),
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = 70 # x\n", [(2, "70")]),
        ("pyproject.toml", "[tool.coverage-roadmap]\nthreshold = 55 # x\n", [(2, "55")]),
        ("pyproject.toml", "[tool.other]\nthreshold = 55\nfail_under = 3\n", []),
        ("a/.coveragerc", "[report]\nfail_under = 70\n", [(2, "70")]),
        ("setup.cfg", "[coverage:report]\nfail-under: 70\n", [(2, "70")]),
        ("setup.cfg", "[report]\nfail_under = 70\n", []),
        (".coveragerc", "[run]\nfail_under = 70\n", []),
        (".coveragerc", "[report]\n# fail_under = 70\n; fail_under = 3\n#\x0cfail_under = 4\n", []),
        (".coveragerc", "[report]\nfail_under = 7.0.1\nfail_under = ${X}\n", []),
    ],
)
def test_sites_are_found_with_their_line_value_and_span(file, text, found):
    sites = find(file, text)
    assert [(site.line, str(site.value)) for site in sites] == found
    assert [text[site.start : site.end] for site in sites] == [value for _, value in found]
    assert all(site.where == f"{file}:{site.line}" for site in sites)


def test_a_site_without_a_line_is_named_by_its_file():
    assert Site("the config's threshold", 0, Decimal(55), 0, 0).where == "the config's threshold"
