"""The owner's file of templates: read whole at the start, or refused with a sentence that says what is wrong."""

from pathlib import Path

import pytest

from bots.wechat import read_templates
from bots.wechat.fields import _fitted
from bots.wechat.templates import Fact, LibraryTemplate, Purpose
from menling.building import check_doors
from menling.config import Refused, Settings

_GOOD = """
reminder:
  template: {id: "9Kx", fields: {thing1: service, time2: when}}
  subscription: {id: "pQ7", fields: {thing1: service}}
offer:
  template: {id: "4Tr", fields: {character_string1: code, phrase2: state}}
"""


def a_file(folder: Path, text: str) -> Path:
    path = folder / "templates.yaml"
    path.write_text(text, "utf-8")
    return path


def test_purposes_ways_and_fields_are_read(tmp_path: Path) -> None:
    found = read_templates(a_file(tmp_path, _GOOD))

    assert found.template[Purpose.REMINDER] == LibraryTemplate("9Kx", {"thing1": Fact.SERVICE, "time2": Fact.WHEN})
    assert found.subscription[Purpose.REMINDER].id == "pQ7"
    assert set(found.template) == {Purpose.REMINDER, Purpose.OFFER}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "no YAML"),
        ("- reminder", "mapping of purposes"),
        ("marketing: {template: {id: x, fields: {thing1: note}}}", "no purpose 'marketing'"),
        ("reminder: {kefu: {id: x, fields: {thing1: note}}}", "no reminder.kefu"),
        ("reminder: {template: {fields: {thing1: note}}}", "needs its id"),
        ("reminder: {template: {id: x}}", "needs its id and its fields"),
        ("reminder: {template: {id: x, fields: {thing1: weather}}}", "shows 'weather'"),
        ("reminder: {template: {id: x, fields: {phrase1: note}}}", "cannot show note in phrase1"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_templates(a_file(tmp_path, text))


def test_the_house_does_not_start_with_a_wrong_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "WECHAT_APPID": "wx0123456789abcdef", "WECHAT_SECRET": "s", "WECHAT_TOKEN": "token",
        "WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WECHAT_TEMPLATES", str(tmp_path / "missing.yaml"))
    with pytest.raises(Refused, match=r"cannot be read: .*missing.yaml"):
        check_doors(Settings())

    monkeypatch.setenv("WECHAT_TEMPLATES", str(a_file(tmp_path, _GOOD)))
    check_doors(Settings())


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        ("thing", "全身精油按摩（含热石、足底反射、肩颈加强）90 分钟", "全身精油按摩（含热石、足底反射、肩颈加…"),
        ("thing", "空调清洗\n两台 🧊", "空调清洗 两台"),
        ("thing", "  ", "无"),
        ("name", "王师傅·Amy 2 号", "王师傅号"),
        ("name", "Amy-Lou O'Neil", "Amy-Lou O'"),
        ("amount", "US$1,234.50", "$1234.50"),
        ("amount", "¥260", "¥260"),
    ],
)
def test_a_value_is_brought_within_its_kind(kind: str, value: str, fitted: str) -> None:
    assert _fitted(kind, value) == fitted
