"""A run of the tests is told nothing by the machine it is on."""

import os

from tests.surroundings import make_neutral


def test_settings_of_a_real_house_and_proxies_are_forgotten() -> None:
    environ = {
        "DATABASE_URL": "postgresql://somewhere/real",
        "MENLING_ZONE": "Europe/London",
        "MENLING_TEST_KILLS": "500",
        "TELEGRAM_TOKEN": "1:a",
        "https_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "socks5://127.0.0.1:9",
        "HOME": "/home/somebody",
    }

    make_neutral(environ)

    assert environ == {"MENLING_TEST_KILLS": "500", "HOME": "/home/somebody"}


def test_this_run_has_forgotten_them_too() -> None:
    told = dict(os.environ)

    make_neutral(told)

    assert told == dict(os.environ)
