"""Nothing by which somebody could be known, called or found leaves a message that is shown to others."""

import time

import pytest

from nlu import Intent, Lexicon, Understanding
from nlu.masking import hidden, masked
from tests.nlu.conftest import Read

NAMES = ("李雷", "Jane Porter")
ADDRESSES = ("锦江区春熙路8号翠竹轩3栋2单元501", "12 Rosebery Mansions, Clerkenwell, EC1R 4TF")
SECRETS = (
    *(
        "1380013",
        "幺三八",
        "7700",
        "8567123",
        "K7M2Q",
        "4821",
        "4 8 2",
        "四八二",
        "eight two",
        "xiaomei",
        "5101041",
        "韩梅梅",
        "Darcy",
        "李雷",
        "赵铁柱",
        "Zebedee",
        "Jane",
        "望京花园",
    ),
    *("Zebedee", "Jane", "望京花园", "501", "翠竹轩", "Rosebery", "Acacia", "SW1A", "example.com", "janey", "王师傅"),
)


def shown(understood: Understanding, lexicon: Lexicon) -> str:
    return masked(understood.text, hidden(understood, lexicon=lexicon, names=NAMES, addresses=ADDRESSES))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("打13800138000找我", "打[phone]找我"),
        ("电话幺三八零零幺三八零零零哈", "[phone]"),
        ("my number is +44 7700 900123 ok", "[phone]"),
        ("座机 028-8567123 转 2", "[number]"),
        ("订单 K7M2QX 咋样了嘛", "[order_code]"),
        ("K7M2Q0X 那个单子", "[number]"),
        ("开始码4821嘛", "开始码[number]嘛"),
        ("the code is 4 8 2 1 mate", "the code is [number] mate"),
        ("密码四八二一哈", "密码[number]哈"),
        ("the code is four eight two one mate", "the code is [number]"),
        ("加我微信lin_xiaomei88聊", "加我微信[link]聊"),
        ("wx: janey-porter", "wx: [link]"),
        ("wechat id zebedeex ok", "wechat id [link] ok"),
        ("身份证51010419900101123X", "身份证[number]"),
        ("我叫韩梅梅，帮个忙", "[name]"),
        ("就说王女士订的", "[name]"),
        ("ask for Mr Darcy at the desk", "ask for [name] at the desk"),
        ("我是赵铁柱，整个按背", "我是[name]，整个按背"),
        ("it's Zebedee here, do the back thing", "it's [name] here, do the back thing"),
        ("我是李雷呀", "我是[name]呀"),
        ("it's Jane again, help me out", "it's [name] again, help me out"),
        ("住望京花园那边捏捏脚", "[address]"),
        ("人民南路四段12号附近弄一下", "[address]"),
        ("到3栋2单元501来搞", "[address]"),
        ("翠竹轩这边咋收的", "[address]这边咋收的"),
        ("anyone near Rosebery free", "anyone near [address] free"),
        ("I'm at 22 Acacia Avenue, do the thing", "[address]"),
        ("somewhere near SW1A 1AA", "[address]"),
        ("write me: a.b@example.com or @janey99", "write me: [link] or [link]"),
        ("看 https://example.com/u?id=1 这个", "看 [link] 这个"),
        ("王师傅手重不重嘛", "[technician]"),
    ],
)  # fmt: skip
def test_what_tells_who_somebody_is_is_taken_out(read: Read, lexicon: Lexicon, said: str, left: str) -> None:
    told = shown(read(said, lang="en" if said.isascii() else "zh-Hans"), lexicon)
    assert left in told, told
    for secret in SECRETS:
        assert secret not in told


@pytest.mark.parametrize(
    "said",
    [
        "明天下午三点捏捏脚要多钱",
        "大概200块以内的有没有嘛",
        "90分钟那种咋样",
        "2026年11月23日 15:30 搞一个",
        "还是上次那个师傅嘛",
        "can u sort my back out tmrw at 3:30",
        "老地方搞一下",
        "师傅在路上了没",
        "弄个20-30分钟的",
        "电路坏了水路也堵了",
        "三室两厅打扫下来好多钱",
        "微信付款可以吗",
        "can I pay with WeChat or Alipay",
        "by wechat please",
        "one or two or three of us",
        "给我弄一下嘛",
        "be there in 10 minutes on the way",
        "in 2 days time at my place",
    ],
)
def test_what_is_said_of_the_visit_stays(read: Read, lexicon: Lexicon, said: str) -> None:
    assert shown(read(said), lexicon) == said


def test_a_name_known_of_somebody_hides_no_ordinary_word(read: Read, lexicon: Lexicon) -> None:
    understood = read("May I come in May or maybe later")
    assert masked(understood.text, hidden(understood, lexicon=lexicon, names=("O",), addresses=("1 A St",))) == (
        "May I come in May or maybe later"
    )


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "1 a ", "1", "1-", "路", "一", "我", "a.", "1 word ", "A1 ", "flat ", "mr Aa "),
        *("i'm Aa ", "+1 ", "www.", "我是", "@", "\u200b"),
    ],
)
def test_long_and_odd_messages_are_masked_in_no_time_and_their_unread_rest_is_not_shown(
    lexicon: Lexicon, piece: str
) -> None:
    text = (piece * 4000)[:3986] + "13800138000"
    understood = Understanding(text, text, "en", (Intent("out_of_scope", 0.5),))
    started = time.thread_time()
    told = shown(understood, lexicon)
    assert time.thread_time() - started < 0.5
    assert "13800138000" not in told
    assert len(told) <= 4200


def test_what_was_cut_off_because_the_words_before_fold_long_is_not_shown(read: Read, lexicon: Lexicon) -> None:
    told = shown(read("ﷺ" * 60 + "王师傅在吗"), lexicon)
    assert "王师傅" not in told
    assert told.endswith("[rest]")
