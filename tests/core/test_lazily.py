from itertools import count, islice

from coverage_roadmap.core.lazily import Lazily


def test_it_is_made_as_far_as_it_is_walked_and_anew_for_each_walk():
    made = []

    def numbers():
        for number in count():
            made.append(number)
            yield number

    walked = Lazily(numbers)
    assert list(islice(walked, 2)) == [0, 1]
    assert next(iter(walked)) == 0
    assert made == [0, 1, 0]
