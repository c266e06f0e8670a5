"""Drawing every flow from its declaration, as Mermaid in Markdown: what is asked, assumed, and rests on what."""

from dialogs.engine.flow import Field, Flow
from dialogs.house import House

_HEAD = """# The flows, drawn from their declarations

Made by `menling flows`; a test fails when this page is out of date. A box is a field: its name, what kind of answer
the understanding is told to expect, and how it may be settled without asking. A dotted arrow means "rests on": when the
field at its tail changes, the one at its head is checked again. At every step *back*, *cancel*, *help*, *repeat* and
*human* work, any field can be corrected in words, and a question or another task in between comes back to the same
place.
"""


def draw(house: House) -> str:
    """Return the page with every flow and view."""
    parts = [_HEAD]
    parts += [_flow(house, flow) for flow in house.flows.values()]
    parts.append(_views(house))
    return "\n".join(parts)


def _flow(house: House, flow: Flow) -> str:
    names = " / ".join(house.texts.say(lang, f"flow.{flow.name}") for lang in ("zh-Hans", "en"))
    began = f"begun by: {', '.join(flow.intents)}" if flow.intents else "begun by a card's button"
    lines = [f"## {flow.name}: {names}", "", f"For {_who(flow.role)}; {began}.", "", "```mermaid", "flowchart TD"]
    lines.append("    begin([begin])")
    before = "begin"
    for item in flow.fields:
        lines.append(f'    {item.name}["{_label(item)}"]')
        lines.append(f"    {before} --> {item.name}")
        before = item.name
    if flow.summary is not None:
        lines += ['    summary{{"summary, one yes"}}', f"    {before} --> summary"]
        before = "summary"
    lines += ["    act([act])", f"    {before} --> act"]
    lines += [f"    {need} -.-> {item.name}" for item in flow.fields for need in item.needs]
    return "\n".join([*lines, "```", ""])


def _label(item: Field) -> str:
    notes = [f"asks: {item.kind}"]
    if item.settle is not None:
        notes.append("assumed when known")
    if item.skip is not None:
        notes.append("may be skipped")
    if item.raw:
        notes.append("takes words as they are")
    return "<br/>".join([item.name, *notes])


def _views(house: House) -> str:
    lines = ["## Views: answers in one turn", "", "| view | for | asked by |", "| --- | --- | --- |"]
    for view in house.views.values():
        asked = ", ".join(view.intents) or ("words of its own" if view.claims else "a button")
        lines.append(f"| {view.name}: {house.texts.say('en', f'view.{view.name}')} | {_who(view.role)} | {asked} |")
    return "\n".join([*lines, ""])


def _who(role: str) -> str:
    return "anybody" if role == "anyone" else f"a {role}"
