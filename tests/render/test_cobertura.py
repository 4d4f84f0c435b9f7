import xml.etree.ElementTree as Xml

import pytest

from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures
from coverage_roadmap.errors import RecordError
from coverage_roadmap.render import cobertura

FILES = {
    "src/b.py": FileFigures(Counts(4, 1, 0, 2, 1), ((9, 9),), ((1, 2), (5, 5))),
    'src/a"<&>.py': FileFigures(Counts(0, 0)),
}


@pytest.fixture
def summary(report):
    return report().measurement.summary


def test_each_file_has_its_lines_from_the_repositorys_top(summary):
    root = Xml.fromstring(cobertura.report(summary, Detail(FORMAT, FILES), "api/"))
    assert [one.get("filename") for one in root.iter("class")] == ['api/src/a"<&>.py', "api/src/b.py"]
    told = [(one.get("number"), one.get("hits")) for one in root.iter("line")]
    assert told == [("1", "1"), ("2", "1"), ("5", "1"), ("9", "0")]
    rates = [(one.get("line-rate"), one.get("branch-rate")) for one in root.iter("class")]
    assert rates == [("1.000000", "1.000000"), ("0.750000", "0.500000")]
    assert root.get("lines-valid") == str(summary.totals.statements)


def test_lines_that_are_not_as_many_as_the_counts_say_are_refused(summary):
    files = {"src/a.py": FileFigures(Counts(2, 0), (), ((1, 10**12),))}
    with pytest.raises(RecordError, match="not as many"):
        cobertura.report(summary, Detail(FORMAT, files), "")
