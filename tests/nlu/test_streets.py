"""Addresses: the whole of them, and none of the words around."""

import pytest

from nlu import streets
from tests.nlu.conftest import Read


@pytest.mark.parametrize(
    ("words", "asked", "address"),
    [
        ("新增一个地址 朝阳区建国路88号院5号楼", None, "朝阳区建国路88号院5号楼"),
        ("把龙湖天街2栋801加到我的地址里", None, "龙湖天街2栋801"),
        ("地址写错了 是2单元不是1单元", None, "2单元"),
        ("我要做保洁 地址朝阳区酒仙桥路10号院2号楼 师傅快点", None, "朝阳区酒仙桥路10号院2号楼"),
        ("我家在幸福里8栋1单元1902", None, "幸福里8栋1单元1902"),
        ("我在希尔顿 1808房", "address", "希尔顿 1808房"),
        ("地址是中山路二段15號7樓之3", "address", "中山路二段15號7樓之3"),
        ("锦江区春熙路89号时代大厦B座1506", "address", "锦江区春熙路89号时代大厦B座1506"),
        ("浦东新区张杨路500弄3号楼1201室", None, "浦东新区张杨路500弄3号楼1201室"),
        ("春熙路南段12号", "address", "春熙路南段12号"),
        ("小区叫翠湖天地，5号楼902", "address", "翠湖天地，5号楼902"),
        ("师傅直接上25楼2503就行", "address", "25楼2503"),
        ("请到万科城市花园12-3-402", None, "万科城市花园12-3-402"),
        ("不好意思 门牌写反了 2103", None, "2103"),
        ("三里屯太古里附近", "address", "三里屯太古里附近"),
        ("save a new address: 5 Rhyl Street NW5 3HB", None, "5 Rhyl Street NW5 3HB"),
        ("wrong postcode, its 19 Parkway NW1 7PG", None, "19 Parkway NW1 7PG"),
        ("I'm at 230 W 76th St, apt 4B", None, "230 W 76th St, apt 4B"),
        ("typo, flat 12 not 21", None, "flat 12"),
        ("please come to 12 Park Road tomorrow at 3", None, "12 Park Road"),
        ("cleaner friday 10am 3 hours 41 Leighton Road", None, "41 Leighton Road"),
        ("Flat 3B, 22 Acacia Road, NW1 7AB please", "address", "Flat 3B, 22 Acacia Road, NW1 7AB"),
        ("Flat 6, 88 Chalk Farm Road, buzzer 6", "address", "Flat 6, 88 Chalk Farm Road"),
        ("come to my office, 30 Cleveland Street, 3rd floor", "address", "30 Cleveland Street, 3rd floor"),
        ("im at the hotel, Premier Inn Euston room 312", "address", "Premier Inn Euston room 312"),
        ("its 7a prince of wales rd, basement flat", "address", "7a prince of wales rd, basement flat"),
        ("door number 17", "address", "17"),
        ("Tower B 2203", "address", "Tower B 2203"),
    ],
)
def test_an_address_is_taken_whole_and_alone(read: Read, words: str, asked: str | None, address: str) -> None:
    zone = "Europe/London" if words.isascii() else "Asia/Shanghai"
    found = read(words, asked, lang="en" if words.isascii() else "zh-Hans", zone=zone)
    assert [entity.value for entity in found.entities if entity.kind == "address"] == [address]


@pytest.mark.parametrize(
    "words",
    [
        "师傅还在路上吗",
        "他堵在路上了",
        "到小区了",
        "会员中心",
        "还有味道",
        "9号技师",
        "25号下午还有没有空位",
        "公交几路",
        "at 3 on Friday",
        "2 rooms and 3 windows",
        "cancel B9W4KC",
        "7 stars",
        "two units, both wall mounted",
    ],
)
def test_what_only_looks_like_an_address_is_none(read: Read, words: str) -> None:
    zone = "Europe/London" if words.isascii() else "Asia/Shanghai"
    assert read(words, lang="en" if words.isascii() else "zh-Hans", zone=zone).first("address") is None


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize(
    "said",
    ["88 tianfu avenue gaoxin, room 1201", "88 tianfu avenue gaoxin district flat 3b", "5 park road soho flat 2"],
)
def test_a_room_behind_a_district_belongs_to_the_address(said: str, *, asked: bool) -> None:
    assert [said[start:end] for start, end in streets.english(said, asked=asked)] == [said]


def test_what_is_said_of_rooms_in_other_words_does_not() -> None:
    said = "88 tianfu avenue tomorrow, room 2 is a mess"

    assert [said[start:end] for start, end in streets.english(said, asked=False)] == ["88 tianfu avenue"]
