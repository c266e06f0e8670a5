"""Reading a conversation that another version of us stored: what still fits stays, the rest is asked again."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dialogs.engine.asking import BEFORE, CHANGING
from dialogs.engine.flow import Flow
from dialogs.engine.state import SUMMARY, Frame, State
from dialogs.house import House


def mended(house: House, state: State) -> bool:
    """Fit a stored state to the flows there are now, in place; False when something a person had said was lost."""
    kept, whole = [], True
    for frame in state.stack:
        flow = _flow_of(house, frame.flow)
        if flow is None:
            whole = False
            continue
        frame.flow = flow.name
        whole &= _fields_fitted(flow, frame)
        kept.append(frame)
    state.stack = kept
    return whole


def _flow_of(house: House, name: str) -> Flow | None:
    return house.flows.get(name) or next((flow for flow in house.flows.values() if name in flow.was), None)


def _fields_fitted(flow: Flow, frame: Frame) -> bool:
    renamed = {old: item.name for item in flow.fields for old in item.was}
    if renamed:
        frame.values = {renamed.get(name, name): value for name, value in frame.values.items()}
        frame.asking = renamed.get(frame.asking or "", frame.asking)
        frame.trail = [renamed.get(name, name) for name in frame.trail]
    names = {item.name for item in flow.fields}
    frame.trail = [name for name in frame.trail if name in names]
    misfits = _misfits(flow, frame.values)
    for name in misfits:
        del frame.values[name]
    _former_fitted(flow, frame, renamed=bool(renamed))
    fits = not misfits and (frame.asking in names or frame.asking in (SUMMARY, None))
    if not fits:
        frame.asking, frame.page, frame.listed = None, 0, []
    return fits


def _former_fitted(flow: Flow, frame: Frame, *, renamed: bool) -> None:
    """Values kept from before a change are what they were, or there is nothing to go back to."""
    former = frame.values.get(BEFORE)
    if former is not None and (renamed or not isinstance(former, dict) or _misfits(flow, former)):
        frame.values.pop(BEFORE)
        frame.values.pop(CHANGING, None)


def _misfits(flow: Flow, values: Mapping[str, Any]) -> list[str]:
    types = {item.name: item.holds for item in flow.fields} | dict(flow.keeps)
    return [name for name, kind in types.items() if name in values and not _fits(values[name], kind)]


def _fits(value: Any, kind: Any) -> bool:
    if kind is Any:
        return True
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
