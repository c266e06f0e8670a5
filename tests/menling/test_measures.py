"""What is counted where it happens is shown to Prometheus, and costs little however often it is asked for."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core import effects, tally
from core.clock import SystemClock
from core.db import Database, Retryable, Tx
from menling.measures import WORDS, Measures, install

MANUAL = Path(__file__).parents[2] / "docs" / "operations.md"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the tables take longer to read."""
    monkeypatch.setattr("menling.measures._READ_SECONDS", 30.0)


def shown(measures: Measures) -> dict[str, float]:
    """Every sample of /metrics by its name and labels."""
    install()
    page = asyncio.run(measures.text()).decode()
    return {
        f"{sample.name} {' '.join(f'{name}={value}' for name, value in sorted(sample.labels.items()))}".strip(): (
            sample.value
        )
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_counts_and_times_of_core_are_shown_with_their_labels(database: Database) -> None:
    measures = Measures(database, SystemClock())
    before = shown(measures)
    tally.count("menling_claims_lost", what="slot")
    channel = f"test-{database.dialect}"  # what is counted stays counted as long as the process lives
    tally.took("menling_turn_seconds", 0.004, channel=channel)
    tally.took("menling_turn_seconds", 60.0, channel=channel)
    after = shown(measures)

    lost = "menling_claims_lost_total what=slot"
    assert after[lost] - before.get(lost, 0) == 1
    assert after[f"menling_turn_seconds_bucket channel={channel} le=0.0025"] == 0
    assert after[f"menling_turn_seconds_bucket channel={channel} le=0.005"] == 1
    assert after[f"menling_turn_seconds_bucket channel={channel} le=10.0"] == 1
    assert after[f"menling_turn_seconds_count channel={channel}"] == 2
    assert after[f"menling_turn_seconds_sum channel={channel}"] == 60.004


def test_a_unit_that_is_run_again_is_counted_by_what_the_database_said(database: Database) -> None:
    measures = Measures(database, SystemClock())
    name = "menling_units_run_again_total cause=TimeoutError"
    before = shown(measures).get(name, 0)
    tries = iter([True, False])

    def unit(tx: Tx) -> None:
        if next(tries):
            raise Retryable("once") from TimeoutError("canary")

    database.run(unit)
    assert shown(measures)[name] - before == 1


def test_work_that_waits_in_the_tables_is_shown_with_its_age(database: Database) -> None:
    facts = {"provider": "sandbox"}
    database.run(
        lambda tx: effects.want(tx, effects.EffectKind.REFUND, key="a", number="R1", facts=facts, now_real=NOW)
    )
    found = shown(Measures(database, SystemClock()))

    assert found["menling_effects_waiting kind=refund"] == 1
    assert found["menling_effects_oldest_seconds kind=refund"] >= 0
    assert found["menling_updates_waiting"] == 0


def test_the_tables_are_read_once_however_often_metrics_are_fetched(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menling.measures._FRESH_SECONDS", 60.0)
    measures = Measures(database, SystemClock())
    shown(measures)
    facts = {"provider": "sandbox"}
    database.run(
        lambda tx: effects.want(tx, effects.EffectKind.REFUND, key="b", number="R2", facts=facts, now_real=NOW)
    )

    assert "menling_effects_waiting kind=refund" not in shown(measures)


def test_the_manual_names_every_metric_of_core() -> None:
    manual = MANUAL.read_text()

    assert [name for name in WORDS if f"`{name}`" not in manual] == []
