"""The demo city is whole: both languages, real places, people for every service, and faces of their own."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from core.catalog import text_in
from menling.demo.data import (
    DEMO_FILES,
    DemoCity,
    DemoDataError,
    DemoService,
    DemoTechnician,
    RotaSpan,
    Words,
    distance_km,
    read_demo,
)
from menling.demo.faces import draw_certificate, draw_face, draw_room

DAY = 24 * 60
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return read_demo()


@pytest.fixture(scope="module")
def faces(city: DemoCity) -> dict[str, bytes]:
    return {t.code: draw_face(t.code, sex=t.sex, trade=city.trade_of(t), age=t.age) for t in city.technicians}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in DEMO_FILES.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def every_words(thing: object) -> Iterator[Words]:
    if isinstance(thing, Words):
        yield thing
    elif isinstance(thing, tuple):
        for item in thing:
            yield from every_words(item)
    elif isinstance(thing, dict):
        yield from every_words(tuple(thing.values()))
    elif is_dataclass(thing):
        yield from every_words(tuple(getattr(thing, field.name) for field in fields(thing)))


def at_work(technician: DemoTechnician, weekday: int, minute: int, minutes: int) -> bool:
    return any(
        span.weekday == weekday and span.start_minute <= minute and minute + minutes <= span.end_minute
        for span in technician.rota
    )


def who_can(city: DemoCity, service: DemoService) -> list[DemoTechnician]:
    return [technician for technician in city.technicians if service.code in technician.skills]


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_city_is_as_large_as_the_demo_promises(city: DemoCity) -> None:
    assert len(city.technicians) >= 12
    assert len(city.services) >= 12
    assert {service.category for service in city.services} == {"massage", "beauty", "housekeeping", "repair"}
    assert len(city.regions) >= 8
    assert len(city.places) >= 60
    assert len(city.customers) >= 2


def test_english_words_hold_no_chinese_and_each_text_says_something(city: DemoCity) -> None:
    words = list(every_words(city))

    assert len(words) > 200
    assert [text.en for text in words if HAN.search(text.en)] == []
    assert [text.en for text in words if not text.zh_hans or not text.en] == []


def test_descriptions_answers_and_bios_are_chinese_in_chinese(city: DemoCity) -> None:
    told = [*(s.descriptions for s in city.services), *(t.bio for t in city.technicians)]
    told += [words for answer in city.answers for words in (answer.words, *answer.by_category.values())]

    assert [text.zh_hans for text in told if not HAN.search(text.zh_hans)] == []
    assert [text.zh_hans for text in told if re.search(r"[\u4e00-\u9fff][,;!?]", text.zh_hans)] == []


MAINLAND = re.compile(
    r"上門|保潔|空調|掛機|櫃機|一次性|小區|門崗|傢俱|下水|智慧鎖|鎖芯|灶具|電動車|發張?圖|幹活|到賬|到帳|[“”]|平以內"
    r"|\d 平(?!方)"
)


def test_what_is_read_in_taiwan_is_said_as_it_is_there(city: DemoCity) -> None:
    places = {place.names.by_language()["zh-Hans"] for place in city.places}  # names are not translated
    told = [text_in(words.by_language(), "zh-Hant") for words in every_words(city) if words.zh_hans not in places]

    assert [text for text in told if MAINLAND.search(text)] == []
    assert next(s for s in city.services if s.code == "makeup").names.zh_hant == "到府化妝"


def test_the_prices_of_the_example_conversations_are_the_prices_of_the_city(city: DemoCity) -> None:
    options = {(s.code, o.minutes): o.price_minor for s in city.services for o in s.options}

    assert options["neck_shoulder", 60] == 19800
    assert options["neck_shoulder", 90] == 26800
    assert options["gel_manicure", 75] == 16800


def test_the_example_address_is_in_the_city_and_saved_by_the_example_customer(city: DemoCity) -> None:
    home = next(customer for customer in city.customers if customer.phone == "+8613800138000").addresses[0]

    assert next(place for place in city.places if place.code == home.place).names.zh_hans == "望京花园"
    assert home.detail.zh_hans == "3 号楼 1201"


def test_every_service_can_be_done_by_three_people_and_by_someone_in_every_region(city: DemoCity) -> None:
    for service in city.services:
        able = who_can(city, service)

        assert len(able) >= 3, service.code
        assert {region for technician in able for region in technician.regions} == {r.code for r in city.regions}


def test_massage_housekeeping_and_repairs_can_be_done_by_a_woman_or_a_man(city: DemoCity) -> None:
    for service in city.services:
        if service.category != "beauty":
            assert {technician.sex for technician in who_can(city, service)} == {"female", "male"}, service.code


@pytest.mark.parametrize("weekday", range(7))
def test_every_service_finds_somebody_at_work_morning_afternoon_and_evening(city: DemoCity, weekday: int) -> None:
    for service in city.services:
        shortest = min(option.minutes for option in service.options)
        for minute in (10 * 60 + 30, 15 * 60, min(19 * 60 + 30, 21 * 60 - shortest)):
            assert any(at_work(t, weekday, minute, shortest) for t in who_can(city, service)), (service.code, minute)


def test_rotas_leave_everyone_a_day_off_and_one_runs_past_midnight(city: DemoCity) -> None:
    spans = [span for technician in city.technicians for span in technician.rota]

    assert all(len({span.weekday for span in technician.rota}) <= 6 for technician in city.technicians)
    assert all(0 <= span.start_minute < DAY and span.end_minute - span.start_minute <= 13 * 60 for span in spans)
    assert any(span.end_minute > DAY for span in spans)
    assert any(span.start_minute < 8 * 60 for span in spans)


def test_a_span_past_midnight_is_told_in_minutes_of_its_first_day(city: DemoCity) -> None:
    zhou = next(technician for technician in city.technicians if technician.code == "zhou")

    assert RotaSpan(weekday=4, start_minute=17 * 60, end_minute=26 * 60) in zhou.rota


def test_every_point_lies_in_the_city(city: DemoCity) -> None:
    points = [(region.lat, region.lng) for region in city.regions]
    points += [(place.lat, place.lng) for place in city.places]
    points += [(technician.lat, technician.lng) for technician in city.technicians]
    points.append((city.store.lat, city.store.lng))

    assert [(lat, lng) for lat, lng in points if not (30.35 <= lat <= 30.87 and 103.75 <= lng <= 104.20)] == []
    assert len({(place.lat, place.lng) for place in city.places}) == len(city.places)


def test_technicians_live_near_a_region_they_serve(city: DemoCity) -> None:
    regions = {region.code: region for region in city.regions}

    for technician in city.technicians:
        served = [regions[code] for code in technician.regions]
        assert min(distance_km(r.lat, r.lng, technician.lat, technician.lng) for r in served) <= 8, technician.code


def test_names_by_which_customers_choose_are_never_shared(city: DemoCity) -> None:
    chosen: list[list[str]] = [[t.names.zh_hans for t in city.technicians], [t.names.en for t in city.technicians]]
    chosen += [[place.names.zh_hans for place in city.places], [place.names.en for place in city.places]]
    chosen += [[service.names.zh_hans for service in city.services], [service.names.en for service in city.services]]

    assert [names for names in chosen if len(set(names)) != len(names)] == []


def test_an_answer_knows_its_trade(city: DemoCity) -> None:
    supplies = next(answer for answer in city.answers if answer.topic == "supplies")

    assert supplies.by_category["massage"].zh_hans == "会，精油和一次性床单都由师傅带。"
    assert supplies.by_category["massage"] != supplies.words
    assert {"licence", "parking", "prepare", "payment", "cancellation"} <= {answer.topic for answer in city.answers}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("city.yaml", "  opens:", "  colour: red\n  opens:", "city.yaml, store: unknown colour"),
        ("city.yaml", '"23:00"', "23:00", "city.yaml, store: closes must be a text"),
        ("city.yaml", "Asia/Shanghai", "Asia/Chengdu", "city.yaml, store: Asia/Chengdu is no IANA zone"),
        ("city.yaml", "kind: landmark", "kind: volcano", "places chunxi-road: there is no kind volcano"),
        ("city.yaml", "lat: 30.6566", "lat: 39.9042", "places chunxi-road: it lies outside jinjiang"),
        ("city.yaml", "code: taikoo-li", "code: chunxi-road", "city.yaml: places: chunxi-road is there twice"),
        ("services.yaml", "category: beauty", "category: magic", "services gel_manicure: there is no category magic"),
        ("services.yaml", "price_minor: 19800", "price_minor: 198.00", "options 60: price_minor must be a whole"),
        ("services.yaml", "en: Massage}", "fr: Massage}", "categories massage, names: en is missing"),
        ("services.yaml", "en: [spa,", "en: [nails, spa,", "nails is a synonym of both oil_spa and gel_manicure"),
        ("services.yaml", "buffer_minutes: 15", "buffer_minutes: 15\n    category: beauty", "a key is written twice"),
        ("technicians.yaml", "number: 12", "number: 8", "technician numbers: 8 is there twice"),
        (
            "technicians.yaml",
            "skills: [neck_shoulder",
            "skills: [juggling",
            "technicians wang: there is no skill juggl",
        ),
        ("technicians.yaml", '0: [["10:00", "19:00"]]', '7: [["10:00", "19:00"]]', "wang, rota: 7 is no weekday"),
        ("technicians.yaml", '["14:00", "21:00"]', '["12:00", "21:00"]', "susu, rota: two spans overlap"),
        (
            "technicians.yaml",
            "zhou\n    number: 9",
            "zhou\n    number: nine",
            "technicians zhou: number must be a whole",
        ),
        ("technicians.yaml", "count: 486", "count: 300", "technicians wang: stars must be one to five"),
        ("people.yaml", "place: wangjing-garden", "place: atlantis", "addresses atlantis: there is no place atlantis"),
        ("people.yaml", '"+8613800138000"', "13800138000", "customers xiaoyu: phone must be a text"),
        ("answers.yaml", "topic: parking", "topic: licence", "answers: licence is there twice"),
    ],
)
def test_a_wrong_entry_is_refused_by_file_and_name(copy: Path, file: str, old: str, new: str, told: str) -> None:
    edit(copy, file, old, new)

    with pytest.raises(DemoDataError) as refused:
        read_demo(copy)

    assert str(refused.value).startswith(file)
    assert told in str(refused.value)


def test_a_rota_that_runs_from_sunday_night_into_monday_morning_work_is_refused(copy: Path) -> None:
    edit(copy, "technicians.yaml", '0: [["10:00", "19:00"]]', '0: [["00:30", "09:00"]]')
    edit(copy, "technicians.yaml", '6: [["10:00", "21:00"]]', '6: [["17:00", "01:00"]]')

    with pytest.raises(DemoDataError, match="wang, rota: two spans overlap"):
        read_demo(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "people.yaml").unlink()

    with pytest.raises(DemoDataError, match=r"^people\.yaml"):
        read_demo(copy)


def test_no_two_technicians_share_a_face(faces: dict[str, bytes]) -> None:
    pictures = {code: Image.open(BytesIO(png)).convert("L").resize((64, 64)) for code, png in faces.items()}

    for one, other in combinations(pictures, 2):
        difference = ImageStat.Stat(ImageChops.difference(pictures[one], pictures[other])).mean[0]
        assert difference > 4, (one, other)


def test_a_portrait_is_a_512_point_png_small_enough_to_send(faces: dict[str, bytes]) -> None:
    for png in faces.values():
        picture = Image.open(BytesIO(png))
        assert (picture.format, picture.size, picture.mode) == ("PNG", (512, 512), "RGB")
        assert len(png) < 150_000


def test_the_same_seed_gives_the_same_face_and_another_seed_another(faces: dict[str, bytes]) -> None:
    assert draw_face("mia", sex="female", trade="beauty", age=25) == faces["mia"]
    assert draw_face("maya", sex="female", trade="beauty", age=25) != faces["mia"]


@pytest.mark.parametrize("age", [18, 39, 52, 70])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_age_has_a_face(sex: str, age: int) -> None:
    assert draw_face("somebody", sex=sex, trade="repair", age=age).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_face("mia", sex="female", trade="piracy"),
        lambda: draw_face("mia", sex="robot", trade="beauty"),
        lambda: draw_room("cellar", "a"),
    ],
)
def test_an_unknown_trade_sex_or_room_is_refused(draw: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match=" is no "):
        draw()


@pytest.mark.parametrize("kind", ["massage", "beauty", "housekeeping", "repair"])
def test_a_finished_room_is_the_same_for_the_same_seed(kind: str) -> None:
    assert draw_room(kind, "order-1") == draw_room(kind, "order-1")
    assert len({draw_room(kind, f"order-{n}") for n in range(4)}) > 1


def test_a_certificate_shows_its_own_name_and_title() -> None:
    mia = draw_certificate("米娅", "美甲师（三级）")

    assert Image.open(BytesIO(mia)).size == (512, 512)
    assert mia == draw_certificate("米娅", "美甲师（三级）")
    assert mia != draw_certificate(
        "米娅", "Nail technician, level 3, with a very long title that has to be made smaller"
    )


def test_a_certificate_is_still_drawn_where_no_chinese_font_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("menling.demo.pictures._FONTS", ("no-such-font.ttf",))

    short, long = draw_certificate("米娅", "美甲师"), draw_certificate("米娅", "保健按摩师（三级）")

    assert Image.open(BytesIO(short)).size == (512, 512)
    assert short != long
