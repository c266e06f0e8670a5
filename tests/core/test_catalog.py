import pytest

from core import catalog
from core.catalog import Catalogue, Region, catalogue, text_in
from core.catalog.script import traditional
from core.db import Database, Tx
from core.errors import NotFound
from core.geo import Point
from tests.builders import a_city, a_place, a_region, a_service, a_store


def test_an_empty_house_sells_nothing_and_names_nothing(any_database: Database) -> None:
    empty = any_database.read(catalogue)

    assert (empty.services, empty.regions, empty.places, empty.answers) == ((), (), (), ())
    assert empty.locate("春熙路") is None


def test_what_was_put_on_sale_is_found_by_id_and_by_category(any_database: Database) -> None:
    city = any_database.run(a_city)

    sold = any_database.read(catalogue)

    assert sold.service(city.service.id) == city.service
    assert sold.option(city.option.id) == (city.service, city.option)
    assert [option.price_minor for option in city.service.options] == [19800, 26800]
    assert sold.services_in("massage") == (city.service,)
    assert sold.services_in("repair") == ()
    assert sold.region(city.region.id) == city.region
    assert sold.place(city.place.id) == city.place


def test_what_is_not_on_sale_is_not_found(database: Database) -> None:
    city = database.run(a_city)
    sold = database.read(catalogue)

    for ask in (sold.service, sold.option, sold.region, sold.place):
        with pytest.raises(NotFound):
            ask(city.customer.id)


def test_a_service_added_later_is_seen_at_the_next_look(any_database: Database) -> None:
    city = any_database.run(a_city)
    before = any_database.read(catalogue)

    any_database.run(lambda tx: a_service(tx, city.store, zh="美甲", en="Manicure", category="beauty"))

    after = any_database.read(catalogue)
    assert len(after.services) == len(before.services) + 1
    assert any_database.read(catalogue) is after


def test_services_and_categories_stand_in_the_order_to_show_them(database: Database) -> None:
    def unit(tx: Tx) -> None:
        store = a_store(tx)
        for position, code in enumerate(("beauty", "massage")):
            catalog.add_category(tx, code=code, names={"en": code.title()}, position=position)
        for position, code in ((2, "late"), (1, "early")):
            catalog.add_service(
                tx, store.id, code=code, category="beauty", names={"en": code}, descriptions={"en": code},
                buffer_minutes=0, synonyms={"en": ["nails"]}, position=position,
            )  # fmt: skip

    database.run(unit)

    sold = database.read(catalogue)
    assert [category.code for category in sold.categories] == ["beauty", "massage"]
    assert [service.code for service in sold.services] == ["early", "late"]
    assert sold.services[0].synonyms == {"en": ("nails",)}


def _chengdu(tx: Tx) -> tuple[Region, Region]:
    jinjiang = a_region(tx, zh="锦江区", en="Jinjiang", point=Point(30.6574, 104.0817), radius=6000)
    high_tech = a_region(tx, zh="高新区", en="High-tech Zone", point=Point(30.5900, 104.0600), radius=6000)
    a_place(tx, jinjiang, zh="春熙路", en="Chunxi Road")
    a_place(tx, jinjiang, zh="春熙路银石广场", en="Yinshi Plaza")
    a_place(tx, high_tech, zh="望京花园", en="Park")
    return jinjiang, high_tech


def _found(sold: Catalogue, text: str) -> str | None:
    found = sold.locate(text)
    return None if found is None else found.names["zh-Hans"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我在春熙路银石广场5楼", "春熙路银石广场"),
        ("春熙路 12 号", "春熙路"),
        ("锦江区某某小区", "锦江区"),
        ("錦江區某某社區", "锦江区"),
        ("春熙路銀石廣場 5 樓", "春熙路银石广场"),
        ("flat 3, CHUNXI  road 12", "春熙路"),
        ("near the park", "望京花园"),
        ("望 京 花园", None),
        ("parking lot 4", None),
        ("somewhere else", None),
        ("", None),
    ],
)
def test_the_longest_name_in_the_words_tells_the_place(database: Database, text: str, name: str | None) -> None:
    database.run(_chengdu)

    assert _found(database.read(catalogue), text) == name


def test_a_place_is_found_by_its_other_names(database: Database) -> None:
    region = database.run(a_region)
    database.run(
        lambda tx: catalog.add_place(
            tx, region.id, code="ifs", names={"zh-Hans": "国际金融中心"}, point=region.point, aliases={"en": ["IFS"]}
        )
    )

    assert _found(database.read(catalogue), "apartment above ifs") == "国际金融中心"


def test_a_pin_belongs_to_the_nearest_region_that_reaches_it(database: Database) -> None:
    jinjiang, high_tech = database.run(_chengdu)
    sold = database.read(catalogue)

    assert sold.region_near(30.6500, 104.0800) == jinjiang
    assert sold.region_near(30.6000, 104.0650) == high_tech
    assert sold.region_near(31.2304, 121.4737) is None


def test_an_answer_is_replaced_and_has_better_words_for_one_trade(any_database: Database) -> None:
    def unit(tx: Tx) -> None:
        catalog.add_category(tx, code="repair", names={"zh-Hans": "维修"})
        catalog.set_answer(tx, "parking", keywords={"zh-Hans": ["停车"]}, texts={"zh-Hans": "不需要。"})
        catalog.set_answer(
            tx,
            "parking",
            keywords={"zh-Hans": ["停车", "车位"]},
            texts={"zh-Hans": "技师自行解决。"},
            by_category={"repair": {"zh-Hans": "维修车需要一个车位。"}},
        )

    any_database.run(unit)

    answer = any_database.read(catalogue).answer("parking")
    assert answer is not None
    assert answer.keywords == {"zh-Hans": ("停车", "车位")}
    assert answer.texts_for(None) == {"zh-Hans": "技师自行解决。"}
    assert answer.texts_for("repair") == {"zh-Hans": "维修车需要一个车位。"}
    assert any_database.read(catalogue).answer("licence") is None


@pytest.mark.parametrize(
    ("names", "lang", "text"),
    [
        ({"zh-Hans": "肩颈", "en": "Neck"}, "en", "Neck"),
        ({"zh-Hans": "肩颈", "en": "Neck"}, "zh-Hant", "肩頸"),
        ({"zh-Hans": "肩颈", "zh-Hant": "頸肩"}, "zh-Hant", "頸肩"),
        ({"zh-Hans": "范师傅"}, "zh-Hant", "范師傅"),
        ({"zh-Hans": "于小美"}, "zh-Hant", "于小美"),
        ({"zh-Hans": "服务范围"}, "zh-Hant", "服務範圍"),
        ({"zh-Hans": "熊猫里"}, "zh-Hant", "熊貓里"),
        ({"zh-Hans": "设备和高级项目"}, "zh-Hant", "設備和高級項目"),
        ({"zh-Hant": "肩頸", "en": "Neck"}, "zh-Hans", "肩頸"),
        ({"en": "Neck"}, "zh-Hans", "Neck"),
        ({"zh-Hans": "肩颈"}, "en", "肩颈"),
        ({"zh-Hans": "肩颈", "en": "Neck"}, "de", "Neck"),
        ({"fr": "Nuque"}, "en", "Nuque"),
        ({}, "en", ""),
    ],
)
def test_a_text_falls_back_to_the_nearest_language(names: dict[str, str], lang: str, text: str) -> None:
    assert text_in(names, lang) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("精油和一次性床单都由师傅带", "精油和拋棄式床單都由師傅帶"),
        ("一次性保洁和长期保洁", "一次性清潔和長期清潔"),
        ("费用一次性付清", "費用一次性付清"),
        ("上门服务", "到府服務"),
    ],
)
def test_what_is_used_once_is_said_otherwise_in_taiwan_than_what_is_done_once(written: str, shown: str) -> None:
    assert traditional(written) == shown
