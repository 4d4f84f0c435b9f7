import pytest

from coverage_roadmap.core.verdict import Answer, worst


@pytest.mark.parametrize(
    ("answers", "joined"),
    [
        ([], Answer.UNKNOWN),
        ([Answer.MET, Answer.MET], Answer.MET),
        ([Answer.MET, Answer.UNKNOWN], Answer.UNKNOWN),
        ([Answer.UNKNOWN, Answer.NOT_MET, Answer.MET], Answer.NOT_MET),
    ],
)
def test_one_not_met_decides_then_one_unknown(answers, joined):
    assert worst(answers) is joined
