import msgspec
import pytest
from msgspec.structs import replace

from coverage_roadmap.core.artifact import Manifest, Shard, config_hash, folder_name, read_shard
from coverage_roadmap.core.percent import Percent
from coverage_roadmap.errors import UsageError


@pytest.mark.parametrize("text", ["1/1", "2/4", "256/256"])
def test_a_shard_is_read_as_it_is_written(text):
    assert str(read_shard(text)) == text


@pytest.mark.parametrize("text", ["", "2", "0/4", "5/4", "1/0", "1/257", "-1/4", "1/4/4", "a/b", "1/٤", "1/2\n"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(UsageError, match="is no shard"):
        read_shard(text)


@pytest.mark.parametrize("told", [{"number": 3, "of": 2}, {"number": 0, "of": 2}, {"number": 1, "of": 257}, {"of": 1}])
def test_a_manifest_names_no_shard_that_there_cannot_be(told):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(told, type=Shard)


def test_a_leg_is_the_python_with_its_implementation(record):
    assert Manifest(0, Shard(1, 2), record(), "c", "", "", "").leg == ("3.11", "cpython")


def test_each_job_has_its_own_artifact():
    assert folder_name("phase3", "3.12", Shard(2, 4)) == "coverage-phase3-3.12-2-of-4"


def test_a_config_that_says_something_else_has_another_hash(roadmap):
    assert config_hash(roadmap) == config_hash(replace(roadmap))
    changes = [{"threshold": Percent("40.5")}, {"env": {"TZ": "UTC"}}, {"phases": []}]
    assert len({config_hash(replace(roadmap, **one)) for one in ({}, *changes)}) == 4
