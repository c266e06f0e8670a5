"""The `menling rehearse` command: transcripts, exit codes, and a sentence for each slip of the pen."""

from pathlib import Path

import pytest

from menling.cli import main

GOOD = """
clock: 2026-11-21T10:00+08:00
zone: Asia/Shanghai
people: [{name: 林, demo: xiaoyu}]
steps:
  - {say: 明天下午三点约王师傅肩颈按摩, expect: [哪一种], absent: [Traceback], buttons: [60]}
  - {press: 60}
  - {press: 确认下单, expect: ['/订单 \\w{6}/'], order: {state: to_pay, starts: "15:00", total: 193}}
  - {pay: true}
  - {restart: true}
  - {who: 王师傅, expect: [新单], keep: {code: '/新单 (\\w{6})/'}}
  - {who: 王师傅, press: 接单, expect: [<code>]}
  - {advance: 1d, expect: [提醒]}
"""


def rehearse(tmp_path: Path, text: str, *options: str) -> int:
    script = tmp_path / "script.yaml"
    script.write_text(text, encoding="utf-8")
    return main(["rehearse", str(script), *options])


@pytest.mark.timeout(60)
@pytest.mark.parametrize("door", ["web", "telegram", "wechat"])
def test_a_rehearsal_that_goes_as_expected_prints_both_sides_and_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], door: str
) -> None:
    assert rehearse(tmp_path, GOOD, "--door", door) == 0

    told = capsys.readouterr()
    assert "林 > 明天下午三点约王师傅肩颈按摩" in told.out
    assert "林 < 请核对" in told.out
    assert "王师傅 > [接单]" in told.out
    assert told.err == ""


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{say: 你好, expect: [再见了]}", "expected '再见了'; 林 saw: "),
        ("{say: 你好, absent: [/./]}", "did not expect '/./'"),
        ("{say: 你好, buttons: [没有]}", "expected a button '没有'"),
        ("{press: 没有}", "no button '没有'"),
        ("{pay: true}", "林 has no link to pay"),
        ("{say: 你好, order: {state: to_pay}}", "expected an order, there is none"),
        ("{say: 你好, order: {orders: 2}}", "expected 2 orders, there are 0"),
        ("{say: 你好, keep: {code: '/(\\d{9})/'}}", "nothing like"),
    ],
)
def test_an_expectation_that_is_not_met_tells_the_step_and_what_was_seen_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], step: str, why: str
) -> None:
    assert rehearse(tmp_path, f"people: [{{name: 林}}]\nsteps:\n  - {{say: 你好}}\n  - {step}\n") == 1

    told = capsys.readouterr().err
    assert told.startswith("Step 2: ")
    assert why in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("steps: []\n", "steps must be a list with at least one entry"),
        ("people: [{name: 林}]\nsteps: [{sya: 你好}]\n", "steps number 1: "),
        ("people: [{name: 林}]\nsteps: [{say: 你好, press: 好}]\n", "say and press are two"),
        ("people: [{name: 林}, {name: 李}]\nsteps: [{say: 你好}]\n", "say needs a who"),
        ("people: [{name: 林}]\nsteps: [{who: 谁, say: 你好}]\n", "nobody called 谁"),
        ("people: [{name: 林}, {name: 林}]\nsteps: [{who: 林, say: 你好}]\n", "two have the same name"),
        ("people: [{name: 林, demo: 谁}]\nsteps: [{say: 你好}]\n", "knows nobody called 谁"),
        ("people: [{name: 林, lang: fr}]\nsteps: [{say: 你好}]\n", "no language fr"),
        ("people: [{name: 林, address: 月球}]\nsteps: [{say: 你好}]\n", "月球 names no place"),
        ("people: [{name: 林, phone: abc}]\nsteps: [{say: 你好}]\n", "abc is no phone number"),
        ("zone: Mars/Olympus\npeople: [{name: 林}]\nsteps: [{say: 你好}]\n", "no zone Mars/Olympus"),
        ("clock: soon\npeople: [{name: 林}]\nsteps: [{say: 你好}]\n", "soon must be a day and a time"),
        ("people: [{name: 林}]\nsteps: [{advance: never}]\n", "advance must be minutes"),
        ("people: [{name: 林}]\nsteps: [{expect: ['/(/']}]\n", "is no pattern"),
        ("people: [{name: 林}]\nsteps: [{order: {state: to_pay, colour: red}}]\n", "unknown colour"),
        ("people: [{name: 林}]\nsteps: [{photo: 1}]\n", "photo must be true"),
        ("people: [{name: 林}]\nsteps: [{location: 月球}]\n", "no place 月球"),
        ("people: [{name: 林}]\nsteps: [{who: 林}]\n", "nothing is done and nothing expected"),
        ("people: [{name: 林}]\nstps: []\nsteps: [{say: 你好}]\n", "unknown stps"),
        ("technicians: [{name: 强, rota: late}]\nsteps: [{advance: 5}]\n", "rota: late must be hours"),
        ("technicians: [{name: 强, busy: [{from: 2026-11-22T14:00, to: 2026-11-22T13:00}]}]\nsteps: [{advance: 5}]\n",
         "from must come before to"),
        ("services: [{name: 遛狗}]\nsteps: [{advance: 5}]\n", "options is missing"),
        ("- 1\n- 2\n", "expected keys and values"),
        ("people: [{name: 林, name: 李}]\nsteps: [{say: 你好}]\n", "written twice"),
        ("steps: [{say: 你好\n", "this is no YAML"),
    ],
)  # fmt: skip
def test_a_script_that_is_wrong_is_refused_in_one_sentence_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    assert rehearse(tmp_path, text) == 2

    told = capsys.readouterr().err
    assert told.startswith("script.yaml")
    assert why in told
    assert told.count("\n") == 1


def test_a_file_that_is_not_there_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "nowhere.yaml"]) == 2
    assert "There is no file nowhere.yaml." in capsys.readouterr().err


@pytest.mark.timeout(60)
def test_short_ways_of_writing_mean_the_same(tmp_path: Path) -> None:
    text = """
clock: 2026-11-21T10:00+08:00
services: [{name: 猫咪洗澡, minutes: 45, price: 88.5}]
technicians:
  - name: 小美
    base: {lat: 30.60, lng: 104.06}
    rota: {mon-fri: "09:00-18:00", 5: [["10:00", "12:00"], ["14:00", "20:00"]]}
people: [{name: 客人, lang: zh, phone: 13800138001, address: 望京花园5号楼101}]
steps:
  - {say: 今天下午四点猫咪洗澡, expect: 小美}
  - {press: 小美, expect: [请核对]}
  - {press: 确认下单, order: {total_minor: 8350, starts: 2026-11-21T16:00, option: 45 min}}
  - {advance: {hours: 1, minutes: 30}, order: {state: expired}}
"""

    assert rehearse(tmp_path, text) == 0
