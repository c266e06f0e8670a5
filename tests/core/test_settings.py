import pytest

from core.db import Database, Tx
from core.errors import InvalidInput
from core.settings import DEFAULTS, bump, change, counter, rules
from core.settings.tables import setting
from tests.builders import NOW


def test_an_untouched_house_runs_by_the_defaults_of_the_trade(any_database: Database) -> None:
    assert any_database.read(rules) == DEFAULTS
    assert DEFAULTS.commission_percent == 20
    assert DEFAULTS.departed_kept_minor == 3000
    assert DEFAULTS.arrived_kept_minor == 5000


def test_a_changed_figure_holds_for_every_reader_at_once(any_database: Database) -> None:
    any_database.read(rules)

    any_database.run(lambda tx: change(tx, "commission_percent", 15, NOW))
    any_database.run(lambda tx: change(tx, "reminder_leads_minutes", [2880, 60], NOW))
    any_database.run(lambda tx: change(tx, "commission_percent", 18, NOW))

    now = any_database.read(rules)
    assert (now.commission_percent, now.reminder_leads_minutes) == (18, (2880, 60))
    assert now.pay_minutes == DEFAULTS.pay_minutes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("commission_percent", 101),
        ("commission_percent", -1),
        ("commission_percent", True),
        ("commission_percent", "20"),
        ("night_from_minute", 1441),
        ("reminder_leads_minutes", 60),
        ("reminder_leads_minutes", [60, -5]),
        ("horizon_days", 0),
        ("horizon_days", 367),
        ("hold_minutes", 0),
        ("hold_most_minutes", 0),
        ("pay_minutes", 0),
        ("most_unpaid_orders", 0),
        ("accept_minutes", 0),
        ("urgent_accept_minutes", 0),
        ("code_tries", 0),
        ("cell_minutes", 10),
        ("no_such_rule", 1),
    ],
)
def test_an_impossible_figure_is_refused_and_changes_nothing(database: Database, name: str, value: object) -> None:
    with pytest.raises(InvalidInput):
        database.run(lambda tx: change(tx, name, value, NOW))

    assert database.read(rules) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "value", "bounds"),
    [
        ("hold_minutes", 16, {"most": 15}),
        ("hold_most_minutes", 4, {"least": 5}),
        ("hold_minutes", 0, {"least": 1, "most": 10_000_000}),
        ("notice_minutes", 14 * 1440, {}),
    ],
)
def test_a_refusal_tells_between_what_the_figure_has_to_be(
    database: Database, name: str, value: int, bounds: dict[str, int]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        database.run(lambda tx: change(tx, name, value, NOW))

    assert refused.value.facts == {"field": name, **bounds}
    assert database.read(rules) == DEFAULTS


@pytest.mark.parametrize(("name", "value"), [("horizon_days", 366), ("hold_minutes", 15), ("confirm_hours", 0)])
def test_a_figure_at_its_bound_is_kept(database: Database, name: str, value: int) -> None:
    assert getattr(database.run(lambda tx: change(tx, name, value, NOW)), name) == value


def test_a_row_of_another_version_changes_nothing(database: Database) -> None:
    def unit(tx: Tx) -> None:
        tx.execute(setting.insert(), {"name": "rules.gone", "value": 7, "changed_at": NOW})
        change(tx, "pay_minutes", 20, NOW)

    database.run(unit)

    assert database.read(rules).pay_minutes == 20


def test_every_stamp_is_new_and_an_unchanged_thing_has_none(any_database: Database) -> None:
    assert any_database.read(lambda tx: counter(tx, "catalogue")) == 0

    first = any_database.run(lambda tx: bump(tx, "catalogue"))
    second = any_database.run(lambda tx: bump(tx, "catalogue"))

    assert first != second
    assert any_database.read(lambda tx: counter(tx, "catalogue")) == second


def test_a_change_that_was_rolled_back_is_not_remembered(database: Database) -> None:
    class Interrupted(Exception):
        pass

    def unit(tx: Tx) -> None:
        assert change(tx, "pay_minutes", 99, NOW).pay_minutes == 99
        raise Interrupted

    with pytest.raises(Interrupted):
        database.run(unit)

    assert database.read(rules).pay_minutes == DEFAULTS.pay_minutes
