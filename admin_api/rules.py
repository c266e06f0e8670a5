"""Settings: the figures of the trade that operators may change."""

import dataclasses
from typing import Annotated

from fastapi import Path
from pydantic import Field, StrictInt

from admin_api.acting import Acting
from admin_api.shapes import Model, shown
from core import audit, settings
from core.audit import Operator
from core.db import Tx
from core.errors import NotFound
from core.settings import DEFAULTS, Rules

_NAMES = tuple(field.name for field in dataclasses.fields(Rules))
_SETTING = {"name": "commission_percent", "value": 18, "default": 20}

Figure = StrictInt | Annotated[list[StrictInt], Field(max_length=8)]
Name = Annotated[str, Path(pattern="^[a-z_]{1,48}$", examples=["commission_percent"])]


class SettingOut(Model):
    """A figure in force and the one it has by itself; money in minor units, times in what the name says."""

    model_config = shown(_SETTING)

    name: str
    value: int | list[int]
    default: int | list[int]


class SettingPage(Model):
    """All figures; they fit on one page."""

    model_config = shown({"items": [_SETTING], "next_cursor": None})

    items: list[SettingOut]
    next_cursor: None = None


class Change(Model):
    """The new figure, or the figures of a setting that has several."""

    model_config = shown({"value": 18})

    value: Figure


async def list_settings(act: Acting) -> SettingPage:
    """List every figure in force with its default."""

    def page(tx: Tx, by: Operator) -> SettingPage:
        now = settings.rules(tx)
        return SettingPage(items=[_out(name, now) for name in _NAMES])

    return await act.read(page)


async def change_setting(name: Name, body: Change, act: Acting) -> SettingOut:
    """Change one figure; it holds for every process from its next unit on."""
    if name not in _NAMES:
        raise NotFound(kind="setting")

    def changed(tx: Tx, by: Operator) -> SettingOut:
        before = _out(name, settings.rules(tx))
        after = _out(name, settings.change(tx, name, body.value, act.now))
        facts = {"name": name, "before": before.value, "after": after.value}
        audit.note(
            tx, "setting.changed", actor_id=by.id, subject_kind="setting", subject_id=None, facts=facts, now=act.now
        )
        return after

    return await act.write(changed)


def _out(name: str, now: Rules) -> SettingOut:
    return SettingOut(name=name, value=_figure(now, name), default=_figure(DEFAULTS, name))


def _figure(of: Rules, name: str) -> int | list[int]:
    found: int | tuple[int, ...] = getattr(of, name)
    return list(found) if isinstance(found, tuple) else found
