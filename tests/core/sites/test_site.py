from decimal import Decimal

from coverage_roadmap.core.sites.site import Flaw, Site, Unclear


def test_a_place_is_named_by_file_and_line():
    assert Site("ci.yml", 3, Decimal(60), 0, 2).where == "ci.yml:3"
    assert Unclear("ci.yml", 3, "a matrix value").where == "ci.yml:3"
    assert Flaw("ci.yml", 3, "behind ||", "take it away").where == "ci.yml:3"


def test_a_site_without_a_line_is_named_by_its_file():
    assert Site("the config's threshold", 0, Decimal(55), 0, 0).where == "the config's threshold"
