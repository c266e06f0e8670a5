# ruff: noqa: E501 - word lists read best by row
"""What answers "shall I do this?" and says nothing else: a yes, however it is put, or a wait.

Here the words to do it ("下单", "book it") are the yes: whoever is asked whether to go ahead begins nothing new by them.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

_SEPARATORS = r"[\s,.!~;:…\-]"
_OPENING = (
    "好;好的;可以;可以的;行;嗯;对;对的;是的;没问题"
    ";ok;okay;yes;yeah;yep;sure;great;perfect;correct;alright;all right;sounds good;of course;that's right;that's fine;that's great;that's it"
)
"""A yes by itself, and one that more may follow: 好的，改成四点."""
_BY_ITSELF = (
    "好呀;好嘞;好滴;好哒;好吧;好的好的;行啊;行吧;行行行;可;是;是啊;对啊;对对;对对对;嗯嗯;恩;没错;没意见;确认;确定;同意;就这样;就这样吧;就这样定;就这样定了"
    ";就这么定;就这么定了;就它;就这个;定了;成;中;要;要的;需要;当然;可以可以;来吧;ok的;是的没错;对没错;行吧就这样;确认无误;确认下单;确认预约;确认订单;下单"
    ";yes please;y;yup;ya;yea;k;o;okk;okey;okie;sure thing;fine;that is fine;right;that's correct;absolutely;definitely;go ahead;sounds great;looks good;looks right;good"
    ";all good;good to go;confirm;confirmed;i confirm;agreed;do it;let's do it;please do;yes that's right;yes confirm;no problem;lovely;brilliant;👌;👍;✅;🆗"
)
YES: tuple[str, ...] = (*_OPENING.split(";"), *_BY_ITSELF.split(";"))
"""Messages that are a yes whatever is asked, or nothing. The one table: what else sounds like a yes is one below, where it is asked for."""
_READ_AS = {
    "好": "(?<![你您])好(?!久|像|奇|多|几|贵|远|难|吗|不)", "行": "行(?!不)", "可以": "可以(?!不|惜)", "可": "可(?!不|惜|是|能|以)", "对": "对(?!不|了|方|吧)",
    "是": "是(?!不|吧)", "嗯": "嗯+", "恩": "恩+", "成": "成(?!都)", "中": "中(?!午)", "没错": "没错(?!吧)", "没问题": "没问题(?!吧)", "没意见": "没意见(?!吧)",
    "要": "(?<!不)要(?!不|是)", "要的": "(?<!不)要的", "需要": "(?<!不)需要", "下单": "下单(?!吗|没)", "yes": "yes+", "okk": "okk+", "right": "right(?! now)", "all right": "all right(?! now)", "alright": "alright(?! now)",
}  # fmt: skip
"""How a word of the table is read in the middle of others, where it could begin another one."""
_YES_HAN = (
    r"要得|得(?:㗎|嘅|咗)?(?:喇|啦)?|系(?:㗎|咁)?|啱晒?|巴适|[没冇](?:问题|毛病)的话|[没冇](?:问题|毛病|错|意见)(?!吧)|确认信息|妥(?:了|妥)?|就(?:这样|这么|咁样?|按这个|按这)(?:定|办|着|来|话|啦|安排)?|就(?:他|她|这单)"
    r"|(?:信息|资料|内容|时间|地址)?(?:都|全|完全)(?:对|正确|没错|没问题)|完美|满意|赞|冲(?!突)|走起|搞起|安排(?!在|到)|必须(?:的|滴)|欧了|妥妥|没得说"
)
_GO_HAN = r"(?:帮我|给我|请|直接|快|赶紧|现在|可以|去|来|那|就)*(?:下单(?!吗|没)|落单(?!吗|没)|订(?!单|了?[吗没金])(?:这单|这个)?|预[约订定](?!的|了?[吗没])(?:这个)?|约(?!的|了?[吗没])|定(?!金|位|了?[吗没])|付款(?!方|码|链|吗|了|没)|付钱(?!吗|了|没)|付(?=[吧啦咯呗\s,.!~]|$)|支付(?!宝|方|吗|了|没)|买单(?!吗)|结账(?!吗)|提交)"
_YES_WORDS = (
    r"aye|okok|kk|fine|lovely jubbly|excellent|cool|good stuff|nice(?: one)?|wonderful|fab(?:ulous)?|amazing|awesome|super"
    r"|exactly|certainly|all (?:fine|set|correct)|(?:sounds|looks|seems|that(?:'?s| is| all sounds| sounds| all looks| looks)|it(?:'?s| is)|all) (?:all )?(?:good|great|fine|right(?! now)|correct|perfect|lovely|ok(?:ay)?|brilliant|it)"
    r"|that(?:'ll| will) do|(?:that |this |it )?works(?: for me)?|suits me(?: fine)?|why not|go (?:for it|on then|on)|let'?s (?:do (?:it|this|that)|go|book(?: it)?)|(?:i'?m )?(?:very |quite )?happy (?:with (?:that|this|it)|to go ahead)|i'?m happy|deal|confirm(?:ed)?(?: it)?|spot on|💯|🙆"
)
_GO_WORDS = r"(?:please |just |can you |could you |you can |go ahead and |i'?ll |i'?d like to |let'?s )*(?:book|order|reserve|place|confirm|pay)(?: (?:it|that|this|me in|(?:the|this|that|my) (?:order|booking|one|slot)|in))?"
_POLITE_HAN = r"谢谢|多谢|谢了?|辛苦|麻烦|拜托|劳驾|唔该晒?|感谢|师傅|准时|按时|准点|别迟到|早点到|您|你们?|我|哈|呢|啊|呀|哦|喔|吧|啦|咯|呗|嘛|嘞|滴|哒|了|的|那|就|先(?!别|不|等)|也|请|亲|一下|这单|这个|这样|啰|囉|嘅|喇|㗎|晒|大家|期待|到时见|🙏|😊|😄|🌹"
_POLITE_WORDS = r"please|pls|plz|thanks?(?: you)?(?: (?:so|very) much| a lot)?|ty|ta|cheers|mate|then|now|just|so|that|it|this|love|dear|well|oh|ah+|um+|for me|to me|with me|all|and|whatever|i guess|from me|guys?|see you(?: then)?"
_WAIT_HAN = (
    r"(?:再|先)?(?:等|候)(?:一?[下等会阵]儿?|一?会儿|阵间|我)|稍等|慢着|慢点|且慢|缓缓|(?:先|暂时)(?:别|不|不要|不用|不急着?|莫|唔好|唔)(?![约做要订定]了)(?:急|忙|着急|下单|落单|订|定|约(?!了)|付款?|预[约订]|提交|确认|动)?|别(?:急|忙|催|下单|着急)|不(?:急|着急)|唔使急"
    r"|(?:让|等|容)?我?(?:再|先|还要|还得|要|得)*(?:想想|想一?下|想一想|考虑(?:一下|考虑|下)?|琢磨(?:一下|琢磨|下)?|谂(?:下|谂|一下|谂下)|看看(?:再说)?|看一?下(?:再说)?|商量(?:一下|下|商量)?|问问?(?:一?下)?(?:我)?(?:老公|老婆|家人|家里人|家里|室友|朋友|爱人)?)"
    r"|还?没(?:想好|决定|定(?:好|下来)?|考虑好)|不(?:确定|太确定)|待会儿?(?:再说|再定|再下单?)|(?:晚点|回头|过会儿?|等会儿?|以后|明天|改天)再(?:说|定|下单|看|约)|再说(?=[吧了\s,.!~]|$)|犹豫|纠结"
)
_WAIT_WORDS = (
    r"(?:please )?wait(?: (?:a|one|just a) (?:sec(?:ond)?|minute|min|moment|bit|mo|tick))?|ha?ng on(?: (?:a|one) (?:sec(?:ond)?|minute|min|moment|mo|tick))?|hold on(?: (?:a|one) (?:sec(?:ond)?|minute|min|moment|mo|tick))?|hold it|(?:just )?(?:a|one|half a) (?:sec(?:ond)?|minute|min|moment|mo|tick)|(?:just )?give me (?:a|one|some|two|five)(?: more)? (?:sec(?:ond)?s?|minutes?|mins?|moment|time|bit|mo)"
    r"|(?:no,? )?not (?:yet|just yet|(?:quite |so |really |very |too |100% )?sure(?: yet| about (?:that|this|it))?|(?:quite )?ready(?: yet)?)|(?:don'?t|do not) (?:book|confirm|order|pay|place)(?: (?:it|anything|that))? (?:just )?yet|unsure|undecided|dunno|i don'?t know(?: yet)?|let me (?:think|check|see|look|ask)(?: (?:about it|it over|first|again|my [a-z]+))?|(?:i(?:'?ll|'?d| will| need to| have to| want to| must|'?ve got to|'?m still|'?m)? )(?:need to |have to |want to )?(?:think(?:ing)?|check|ask)(?: (?:about it|it over|first|(?:with )?my [a-z]+))?|i need (?:a|some|more|a bit more) (?:minute|moment|time|bit)|maybe(?: later)?|(?:hmm+)|no (?:rush|hurry)|brb|i'?m not (?:quite )?(?:sure|ready)(?: yet)?"
)


def _of(parts: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{parts})")


def _read(words: Iterable[str]) -> str:
    """The pattern of words of the table, the longest first."""
    return "|".join(_READ_AS.get(word) or re.escape(word) for word in sorted(words, key=len, reverse=True))


_HAN, _LATIN = ([word for word in YES if word.isascii() is latin] for latin in (False, True))
_YES = _of(f"{_YES_HAN}|{_GO_HAN}|{_read(_HAN)}|(?<![a-z'])(?:{_GO_WORDS}|{_YES_WORDS}|{_read(_LATIN)})(?![a-z'])")
_OPENS = re.compile(rf"(?:{_read(_OPENING.split(';'))})(?:[,.!~\s吧啊呀哦嘞滴哒了]|谢谢|就这|就按|确认|麻烦|$)")
_WAIT = _of(f"{_WAIT_HAN}|(?<![a-z'])(?:{_WAIT_WORDS})(?![a-z'])")
_AROUND = _of(f"{_SEPARATORS}|{_POLITE_HAN}|(?<![a-z'])(?:{_POLITE_WORDS})(?![a-z'])")
_LONGEST = 60
_CONDITION = re.compile(r"(?:问题|毛病)的?话?")


class Decision(StrEnum):
    """What words of decision say and no more."""

    YES = "yes"
    WAIT = "wait"


def opening_yes(text: str, start: int) -> int | None:
    """Where the yes ends that a folded text begins with at `start`; None when it begins with none."""
    match = _OPENS.match(text, start)
    return None if match is None else match.end()


def decided(text: str) -> Decision | None:
    """What a folded text decides where "shall I do this?" is asked; None when it says anything besides, or nothing."""
    if len(text) > _LONGEST:
        return None
    place, found = 0, None
    while place < len(text):
        wait = _WAIT.match(text, place)
        yes = _YES.match(text, place) if wait is None else None
        around = _AROUND.match(text, place) if yes is None else None
        match = max((one for one in (wait, yes, around) if one is not None), key=re.Match.end, default=None)
        if match is None or match.end() == place:
            return None
        if match is wait:
            found = Decision.WAIT
        elif match is yes:
            found = found or Decision.YES
        place = match.end()
    return found
