"""Our seal beside wechatpy's: each opens what the other made; and our reader beside the one wechatpy uses."""

import time

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto

from bots.wechat.sealing import Forged, Seal, Unreadable
from bots.wechat.xml import BadXml, read_xml
from simulators.wechat.crypto import signature
from tests.wechat.conftest import AES_KEY, APPID, TOKEN

_TEXT = "明天下午三点 💆 <b>&amp; ]] >"
_EVENT = """<?xml version="1.0"?>
<xml>
  <ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName>oA</FromUserName><CreateTime>1795000000</CreateTime>
  <MsgType><![CDATA[event]]></MsgType><Event>subscribe_msg_popup_event</Event><Empty></Empty><Blank>  </Blank>
  <SubscribeMsgPopupEvent>
    <List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>
    <List><TemplateId>t2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>
  </SubscribeMsgPopupEvent>
  <ScanCodeInfo><ScanResult><![CDATA[a<b>&c]]>&#33;</ScanResult></ScanCodeInfo>
</xml>"""


@pytest.fixture
def ours() -> Seal:
    return Seal(token=TOKEN, aes_key=AES_KEY, appid=APPID)


@pytest.fixture
def theirs() -> WeChatCrypto:
    return WeChatCrypto(TOKEN, AES_KEY, APPID)


def query_of(envelope: str) -> dict[str, str]:
    """The query WeChat would send with this envelope."""
    sealed = xmltodict.parse(envelope)["xml"]
    timestamp, nonce = sealed["TimeStamp"], sealed["Nonce"]
    return {
        "timestamp": timestamp,
        "nonce": nonce,
        "signature": signature(TOKEN, timestamp, nonce),
        "msg_signature": sealed["MsgSignature"],
        "encrypt_type": "aes",
    }


@pytest.mark.parametrize("text", ["", "a", _TEXT, "长" * 700])
def test_what_we_seal_wechatpy_opens(ours: Seal, theirs: WeChatCrypto, text: str) -> None:
    sealed = ours.reply(text, to="oAnna", account_id="gh_1", now=1795000000.7)
    query = query_of(sealed)
    opened = theirs.decrypt_message(sealed, query["msg_signature"], query["timestamp"], query["nonce"])

    assert xmltodict.parse(opened)["xml"] == {
        "ToUserName": "oAnna",
        "FromUserName": "gh_1",
        "CreateTime": "1795000000",
        "MsgType": "text",
        "Content": text or None,
    }


@pytest.mark.parametrize("text", ["a", _TEXT, "长" * 700])
def test_what_wechatpy_seals_we_open(ours: Seal, theirs: WeChatCrypto, text: str) -> None:
    sealed = theirs.encrypt_message(f"<xml><Content><![CDATA[{text}]]></Content></xml>", "nonce-1", "1795000000")

    assert ours.open(sealed.encode(), query_of(sealed)) == {"Content": text}


def test_what_another_account_sealed_is_forged_and_damaged_bytes_are_unreadable(ours: Seal) -> None:
    foreign = WeChatCrypto(TOKEN, AES_KEY, "wxffffffffffffffff").encrypt_message(
        "<xml><a>1</a></xml>", "n", "1795000000"
    )
    whole = WeChatCrypto(TOKEN, AES_KEY, APPID).encrypt_message("<xml><a>1</a></xml>", "n", "1795000000")
    part = str(xmltodict.parse(whole)["xml"]["Encrypt"])
    damaged = f"<xml><Encrypt>{part[:-8]}</Encrypt></xml>"
    query = query_of(whole) | {"msg_signature": signature(TOKEN, "1795000000", "n", part[:-8])}

    with pytest.raises(Forged):
        ours.open(foreign.encode(), query_of(foreign))
    with pytest.raises(Unreadable):
        ours.open(damaged.encode(), query)


def test_no_two_replies_begin_alike(ours: Seal) -> None:
    now = time.time()
    replies = [xmltodict.parse(ours.reply("好", to="oA", account_id="gh_1", now=now))["xml"] for _ in range(1000)]

    assert len({one["Encrypt"][:20] for one in replies}) == 1000
    assert len({one["Nonce"] for one in replies}) == 1000


def test_the_reader_finds_what_wechatpys_finds() -> None:
    theirs = xmltodict.parse(_EVENT)["xml"]

    ours = dict(read_xml(_EVENT.encode()))
    assert (ours.pop("Empty"), ours.pop("Blank")) == ("", "")
    assert (theirs.pop("Empty"), theirs.pop("Blank")) == (None, None)
    assert ours == theirs


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><a>&a;</a></xml>',
        "<xml><!-- a --><a>1</a></xml>",
        "<other><a>1</a></other>",
        "<xml>only words</xml>",
        "<xml><a>1</xml>",
        "<xml><a>1</a></xml><xml/>",
        "",
    ],
)
def test_what_is_no_message_is_refused(document: str) -> None:
    with pytest.raises(BadXml):
        read_xml(document.encode())
