"""What somebody wants of whoever comes and of the price: never a day, a rating given or a length."""

from collections.abc import Callable

import pytest

from nlu import Understanding

Read = Callable[..., Understanding]


def told(understood: Understanding) -> dict[str, object]:
    return {entity.kind: entity.value for entity in understood.entities}


@pytest.mark.parametrize(
    ("words", "tenths"),
    [
        ("评分4.8以上的", 48),
        ("评分４．８以上", 48),
        ("評分4.8以上的師傅", 48),
        ("四点八分以上", 48),
        ("4.8以上", 48),
        ("4.5分及以上的师傅", 45),
        ("至少4.5星", 45),
        ("评分不低于4.8", 48),
        ("五星的", 50),
        ("五星级的师傅", 50),
        ("rated 4.8 or more", 48),
        ("rated over 4.5", 45),
        ("4.8 stars and up", 48),
        ("4.8+", 48),
        ("five-star therapists", 50),
        ("5 star ones only", 50),
    ],
)
def test_stars_at_least_are_read_in_tenths_and_never_as_a_day(read: Read, words: str, tenths: int) -> None:
    assert told(read(words)).items() >= {"stars_least": tenths}.items()
    assert "when" not in told(read(words))
    assert "stars" not in told(read(words))


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("5年以上", 5),
        ("五年以上经验的", 5),
        ("从业十年以上", 10),
        ("干了10年以上的", 10),
        ("两年经验", 2),
        ("at least 5 years experience", 5),
        ("over ten years of experience", 10),
        ("5+ years", 5),
    ],
)
def test_years_at_least_are_no_length_of_time(read: Read, words: str, years: int) -> None:
    assert told(read(words)) == {"years_least": years}


@pytest.mark.parametrize(
    "words",
    [
        "有证的",
        "持证上岗的",
        "要有健康证的师傅",
        "必须有证",
        "certified only",
        "a certified therapist please",
        "someone with a licence",
    ],
)
def test_a_certificate_can_be_wished_for(read: Read, words: str) -> None:
    assert told(read(words)).items() >= {"certified": True}.items()


@pytest.mark.parametrize("words", ["有证吗", "有健康证吗？", "are they certified?", "is he qualified"])
def test_asking_whether_they_are_certified_is_a_question_and_no_wish(read: Read, words: str) -> None:
    assert "certified" not in told(read(words))
    assert read(words).intent == "ask_technician"


@pytest.mark.parametrize(
    ("words", "price"),
    [
        ("200以内", (20000, "CNY")),
        ("两百以内的", (20000, "CNY")),
        ("200块以下", (20000, "CNY")),
        ("不超过¥300", (30000, "CNY")),
        ("最多150元", (15000, "CNY")),
        ("under 200", (20000, "CNY")),
        ("no more than £80", (8000, "GBP")),
        ("200 or less", (20000, "CNY")),
    ],
)
def test_a_price_at_most_is_read_in_minor_units(read: Read, words: str, price: tuple[int, str]) -> None:
    assert told(read(words)) == {"price_most": price}


@pytest.mark.parametrize(
    "words",
    ["2小时以内", "30分钟以内到", "in under 30 minutes", "3公里以内", "90 平以内", "up to 90 m²", "三天之内", "1以内"],
)
def test_lengths_ways_and_sizes_are_no_price(read: Read, words: str) -> None:
    assert "price_most" not in told(read(words))


@pytest.mark.parametrize("words", ["五星", "给五星", "五星好评", "打4分", "5 stars"])
def test_a_rating_that_is_given_is_no_wish(read: Read, words: str) -> None:
    assert "stars_least" not in told(read(words))
    assert "stars_least" not in told(read("五星的", "stars"))


@pytest.mark.parametrize("words", ["4月8日", "4.8号", "2026年11月25日", "明天4点", "十年了吧"])
def test_days_and_times_stay_what_they_are(read: Read, words: str) -> None:
    assert not {"stars_least", "years_least", "price_most"} & told(read(words)).keys()


def test_where_a_length_is_asked_a_bare_figure_is_no_price(read: Read) -> None:
    assert "price_most" not in told(read("60以内", "option"))
    assert told(read("60块以内", "option"))["price_most"] == (6000, "CNY")


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("评分4.8以上的", "browse_technicians"),
        ("有证的", "browse_technicians"),
        ("会做肩颈的", "browse_technicians"),
        ("女的", "browse_technicians"),
        ("朝阳区的", "browse_technicians"),
        ("200以内", "browse_services"),
        ("200以内的师傅", "browse_technicians"),
        ("who does manicures", "browse_technicians"),
        ("想约个有证的师傅做肩颈", "book"),
        ("换个女师傅", "change_technician"),
    ],
)
def test_wishes_with_nothing_running_ask_to_see_what_there_is(read: Read, words: str, intent: str) -> None:
    assert read(words).intent == intent


def test_wishes_in_the_middle_of_a_question_are_a_choice(read: Read) -> None:
    assert read("评分4.8以上的", "technician").intent == "choose"
    assert read("有证的", "technician").intent == "choose"


@pytest.mark.parametrize("words", ["还是上次那个师傅", "same therapist as last time", "要上次的师傅"])
def test_whoever_came_last_time_is_somebody_the_business_knows(read: Read, words: str) -> None:
    assert told(read(words, "technician"))["technician"] == "last"


def test_the_one_of_last_time_stands_for_the_whole_visit_only_when_nothing_else_is_said(read: Read) -> None:
    assert read("还是上次那个师傅").intent == "rebook"
    assert read("约个全身按摩，还是上次那个师傅").intent == "book"


@pytest.mark.parametrize(
    "words", ["最早什么时候", "最快几点能来", "what's the earliest you can come", "how soon can you come"]
)
def test_asking_for_the_first_free_time_is_told_apart_from_a_time(read: Read, words: str) -> None:
    assert told(read(words)).items() >= {"earliest": True}.items()
    assert read(words).intent == "ask_availability"
