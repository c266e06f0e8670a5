"""A flat before a phone number is no part of it."""

import pytest

from nlu.people import phones


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("锦城御景8栋1101 13500135000", "+8613500135000"),
        ("双楠人家2栋301 13700137009", "+8613700137009"),
        ("flat 1101 13500135000", "+8613500135000"),
        ("138 0013 8000", "+8613800138000"),
        ("+44 7700 900123", "+447700900123"),
    ],
)
def test_the_number_stands_alone(said: str, number: str) -> None:
    assert [found.value for found in phones(said, "CN")] == [number]
