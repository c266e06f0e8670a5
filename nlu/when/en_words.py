# ruff: noqa: E501 - one expression to a line
"""The patterns of English time words, by the words they may begin with."""

import re

HOUR_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
NUMBER = rf"(?:(?:(?:an?|one) )?hundred(?:(?: and)? (?:{_TENS}|ten|{_TEENS}))?|(?:{_TENS})(?:[ -](?:{_UNITS}))?|{_TEENS}|{HOUR_WORDS})"
COUNT = rf"(?:[0-9]+(?:\.[0-9]+)?|{NUMBER}|a couple(?: of)?|couple(?: of)?|a few|few|several|an?)"
MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
SURE_MONTHS = "january|february|july|september|october|november|december|jan|feb|aug|sept?|oct|nov|dec"
WEEKDAYS = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
HOURS = r"(?:hours?|hrs?|(?<=[0-9])h|(?<=[0-9] )h)"
MINUTES = r"(?:minutes?|mins?)"
LENGTH = (
    rf"(?:(?:an? |one |1 )?(?:hour|hr) and (?:a )?half|(?:one|1) and (?:a )?half {HOURS}"
    rf"|(?:an? |one |1 )?(?:hour|hr) and (?:a )?quarter|(?:an? |one |1 )?(?:hour|hr) and three quarters|three[ -]quarters? of an? (?:hour|hr)|3/4 (?:of an? )?(?:hour|hr)"
    rf"|(?:a )?quarter(?: of)? an? (?:hour|hr)|(?:a )?(?:half|1[/⁄]2|½)[ -](?:an? |of an )?(?:hour|hr)"
    rf"|[0-9]?(?: ?1[/⁄]2|½) ?{HOURS}"
    rf"|{COUNT}(?: and (?:a )?(?:half|quarter))?[ -]?(?:{HOURS}|{MINUTES})(?: and (?:a )?(?:half|quarter)(?: {HOURS})?)?"
    rf"(?:(?:,? ?(?:and )?)(?:[1-5][0-9]|(?:fifteen|twenty|thirty|forty(?:[ -]five)?|fifty)(?![a-z])|[5-9](?= ?{MINUTES}))(?: ?(?:{MINUTES}|m))?(?![0-9:a-z]|\.[0-9]| ?[ap]m))?"
    rf"|hour(?='s? (?:massage|long|session|slot)|[ -](?:long|massage|session))"
    r"|(?<=\ban )hour|[1-9][05]m|1[0-9]0m)(?![a-z])"
)
H = rf"(?:[01]?[0-9]|2[0-9]|{HOUR_WORDS})"
_AP = r"(?: ?(?:[ap]\. ?m\b\.?|[ap]m)(?![a-z])|(?<=[0-9])[ap](?![a-z0-9]))"
_SPOKEN_MINUTES = (
    r"(?:fifteen|thirty|forty[ -]five|forty|twenty(?:[ -]five)?|ten|oh[ -]five|fifty(?:[ -]five)?|thirty[ -]five)"
)
_MIN = r"(?:quarter|five|ten|twenty(?:[ -]five)?|[1-5]?[0-9])"
_IN_THE = r"(?: (?:in the (?:early |late )?(?:morning|afternoon|evening)|at night))"
_CLOCK_SUFFIX = (
    rf"(?:{_AP})?(?: ?[o0]? ?'? ?clock)?(?:{_AP})?{_IN_THE}?(?: ?-?ish\b)?(?: (?:sharp|on the dot|on the nose|prompt))?"
)
STRONG_CLOCK = (
    rf"(?:half(?:[ -]past)?[ -](?:{H})(?![0-9:])(?! ?(?:{HOURS}|{MINUTES})){_CLOCK_SUFFIX}"
    rf"|(?:(?:a )?{_MIN}(?: ?{MINUTES})? ?(?:past|after) |(?<!from )(?<!between )(?:a )?(?:quarter|five|ten|twenty(?:[ -]five)?|20|25|[1-5]?[0-9] ?{MINUTES}) (?:to|till?|before|of) ){H}(?![0-9:]|\.[0-9]){_CLOCK_SUFFIX}"
    rf"|{H} ?[o0]? ?'? ?clock(?:{_AP})?{_IN_THE}?(?: ?-?ish\b)?"
    rf"|(?:[01]?[0-9]|2[0-9])[:.][0-5][0-9]{_AP}|(?:0?[1-9]|1[0-2])[0-5][0-9] ?(?:[ap]m|[ap]\.m\b\.?)(?![a-z])"
    rf"|(?:(?:0?[0-9]|1[0-9]|2[0-3])(?: [0-5][0-9])?|{HOUR_WORDS}){_AP}(?: ?-?ish\b)?"
    rf"|(?:{HOUR_WORDS})[ -]{_SPOKEN_MINUTES}(?! ?(?:{MINUTES}|{HOURS}))(?:{_AP})?{_IN_THE}?"
    rf"|(?<![:.0-9])(?:[0-9]|[0-9][0-9]):[0-9][0-9](?::[0-9]{{2}})?(?!:?[0-9]){_CLOCK_SUFFIX}"
    rf"|(?:0?[5-9]|1[0-9]|2[0-4])h[0-5][0-9](?![0-9a-z])|(?:1[3-9]|2[0-3])h(?![0-9a-z])"
    rf"|(?:[01][0-9]|2[0-3])[0-5][0-9] ?(?:hrs|hours|h)(?![a-z])"
    rf"|(?:[0-9]{{1,2}}(?:[:.][0-5][0-9])?|{HOUR_WORDS}){_IN_THE}(?! ?out)"
    rf"|(?:[0-9]{{1,2}}(?:[:.][0-5][0-9])?|{HOUR_WORDS}) ?-?ish\b(?:{_AP})?{_IN_THE}?"
    rf"|(?:[0-9]{{1,2}}(?:[:.][0-5][0-9])?|{HOUR_WORDS}) (?:sharp|on the dot|on the nose)"
    r"|(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9] ?h(?:rs)?(?![a-z])"
    r"|(?:12 |at )?noon(?:-?ish)?|mid-?day(?:-?ish)?|(?:12 |at )?midnight)"
)
# A number counts something when one of these follows.
COUNTS = (
    rf"(?! ?-?(?:{HOURS}\b|{MINUTES}\b|days?\b|weeks?\b|months?\b|years?\b|people|persons?|star|stars|pounds?|quid|yuan|rmb|percent|%|st\b|nd\b|rd\b|th\b|of us|of them|women|men|man|lad|lady|woman|girl|guy|bed|bath|bedroom|room|units?\b|more\b|less\b|other\b|out of|x\b|times|and a half|km|kg|mile|metre|minutes"
    rf"|point\b|stage\b|time\b|go\b|place\b|of\b|dogs?|cats?|kids?|or [0-9]+ ?(?:{MINUTES}|{HOURS})| ?(?:-|to|and|or) ?[0-9]+ ?(?:{HOURS}|{MINUTES}|people|persons|days|weeks|of us|[a-z]+rooms|beds?)\b"
    rf"|(?:{MONTHS})\b(?! (?:be|work|suit|do)\b)|[a-z]+ (?:street|st|road|rd|lane|avenue|ave|close|square|court|gardens?|park|place|way|terrace|mews|house|mansions|row|crescent|drive|hill)\b"
    r"|(?!(?:please|pls|plz|is|as|was|works|suits|this|thanks|cheers|times|onwards|unless|does|has|its|us|perhaps|always|yes|sounds|seems|looks|fits|means|gets|makes|goes|lets|tues|thurs|weds)\b)[a-z]+[^\W\d_us]s\b))"
)
_WEAK = rf"(?:(?:[01]?[0-9]|2[0-3]) [0-5][05]|(?:[01]?[0-9]|2[0-3])[.][0-5][0-9]|(?:[01]?[0-9]|2[0-3])[0-5][0-9]|[01]?[0-9]|2[0-9]|{HOUR_WORDS})(?![0-9a-z:%'⁄]|/(?![0-9]{{1,2}} ?(?:[ap]\.?m|-?ish))|\.[0-9]|-[a-z]){COUNTS}"
_TH = r"(?:st|nd|rd|th)"
_FIRSTS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
ORDINAL_WORDS = rf"(?:(?:twenty|thirty)[ -](?:{_FIRSTS})|{_FIRSTS}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
_DAY_NUMBER = rf"(?:[0-9]{{1,2}} ?{_TH}?|{ORDINAL_WORDS})"
_YEAR = r"(?:,? (?:20[0-9]{2}|'[2-3][0-9])(?![0-9]))?"
_TO = r" ?(?:-|~|to|till?|until|through|thru|and|&|or) ?(?:the )?"
_THINGS = r"(?! ?-?(?:floor|door|bell|buzzer|entrance|turning|left\b|right\b|house|fl\b|street|st\b|avenue|ave|road|rd\b|one|option|choice|time|slot|guy|person|girl|lady|therapist|technician|massage|visit|booking|party|birthday|hand|place|anniversary|attempt|appointment|session|class|century|page|on the list|on your list))(?![a-z])"
HOLIDAY = r"(?:(?<!happy )(?<!merry )(?:christmas eve|christmas day|christmas(?! (?:party|parties|present|gift|shopping|do\b|holiday|lunch|dinner|special|offer|hours|tree|voucher|market|card|jumper|nails|bonus))|boxing day|(?:new years?'?s?|nye) eve|new years?'?s? day|nye|nyd|new year'?s(?! resolution)|(?<=and )new year|valentine'?s?(?: day)?|halloween|bonfire night|guy fawkes(?: night)?|st\.? ?patrick'?s day|st\.? ?paddy'?s day|4th of july|july 4th|independence day|thanksgiving(?: day)?|black friday|cyber monday|good friday|easter (?:sunday|monday|saturday)|easter(?! (?:egg|holiday|break|special|offer|hours|bunny))|(?:mothers?'?s?|mothering|fathers?'?s?) (?:day|sunday)|pancake day|shrove tuesday|ash wednesday|april fools?'?(?: day)?|may day|burns night|(?:august |may |the |early may |late may |spring |summer )*bank holiday(?: (?:monday|weekend))?))(?![a-z])"
_ROAD = r"(?! (?:street|st|road|rd|lane|avenue|ave|close|gardens?|square|court|place|way|terrace|mews|hill|drive|crescent)\b)"
_NTH = r"(?:first|1st|second|2nd|third|3rd|fourth|4th|last)"
_OF_MONTH = rf"(?:(?:of|in) (?:next month|the month|this month|the following month|(?:{MONTHS})))"

# How each piece may begin: n a digit, x a number word, l length words, d a day, m a month, q this, next and the like,
# a "a" or "an", t "the", i "in", @ "at", o another word of time.
_PIECES = (
    (
        "oti@",
        (
            r"(?P<soon>asap|a\.s\.a\.p\.?|(?:as )?soon as (?:possible|poss|(?:yo)?u can|can be|humanly possible)|as (?:early|quick(?:ly)?|fast) as (?:possible|poss|(?:yo)?u can)|right (?:now|away|this (?:minute|second))|straight ?away|immediately|at once|this (?:minute|instant|second)|shortly|in a (?:bit|moment|mo|sec|second|(?:little )?while|jiffy)(?![a-z])|(?:the )?(?:soonest|earliest) possible|the (?:sooner|earlier|quicker) the better"
            r"|(?<!from )(?<!by )(?<!just )(?<!until )(?<!till )(?<!up to )(?<!for )now(?!'s)(?![a-z]| (?:i|i'm|i'd|that|you|my|what|where|then|on|it|the|they|your|our|there)\b))"
        ),
    ),
    (
        "o",
        r"(?P<anytime>any ?time(?! soon)|whenever(?: suits| you like| works| you can| is good)?|any (?:day|hour)(?! now)|(?:totally |pretty |very )?flexible|no preference on (?:the )?time|(?:do not|don'?t) mind (?:when|what time|which day))",
    ),
    (
        "xt",
        r"(?P<first>(?:the )?first thing(?: in the (?:morning|am))?(?! (?:i|you|we|to)\b)|first (?:slot|appointment|one) of the day)",
    ),
    ("oxna", rf"(?P<ago>(?:{COUNT} |last )(?:days?|weeks?|months?|years?) ago|earlier today)"),
    (
        "oitq",
        rf"(?P<within>(?:with ?in(?: the next| the)?|in under|in less than|in the next|over the next|in the coming|the next|next) (?:{LENGTH}|hour\b)|within (?:an|the) hour)",
    ),
    (
        "oitq",
        rf"(?P<ndays>(?:(?:with ?in|in|over|during|for|any ?time) )?(?:the )?(?:next|coming|following) (?:{COUNT} )(?:days|weeks|months)|(?:in|over) the (?:next|coming) (?:days|weeks)|within (?:{COUNT}|the) (?:days?|weeks?|month))(?![a-z])",
    ),
    (
        "oi",
        rf"(?P<offset>(?:in|(?<![a-z] )after) (?:about |around |like |roughly |say |another )?{LENGTH}(?! of\b)(?:(?:'s?)? time)?(?! or so of))",
    ),
    (
        "oxnaid",
        rf"(?P<weeks>(?:in |on )?(?:{COUNT} )?(?:weeks?|fortnights?)(?:'s?)?(?: time)? (?:(?:on|from|after) (?:this |the )?)?(?:today|tomorrow|now|(?:{WEEKDAYS}))|(?:in )?(?:{COUNT} )(?:weeks?|fortnights?)(?:'s?)? time|in (?:about )?(?:{COUNT} )(?:weeks?|fortnights?)|(?:today|tomorrow|{WEEKDAYS}) (?:week(?! ?end)|fortnight))(?![a-z])",
    ),
    (
        "oxnai",
        rf"(?P<days>(?:in|(?<![a-z] )after) (?:about |around )?{COUNT}(?: (?:or|to) {COUNT})? (?:days?|months?)(?:' ?(?:time)?|'?s time| time)?|{COUNT} (?:days?|months?)(?:'?s? time|'? time| from (?:now|today|tomorrow)| today(?! at the latest)| later))(?![a-z])",
    ),
    ("oq@", r"(?P<sametime>(?:at )?this time (?=tomorrow|next|on|a week))"),
    ("odt", rf"(?P<afternext>(?:the )?(?:week|weekend|month|{WEEKDAYS}) after next)(?![a-z])"),
    ("ot", r"(?P<after>(?:the )?day after tomorrow|overmorrow|the day after(?! ?[a-z0-9]))"),
    ("ot", r"(?P<beforelast>(?:the )?day before yesterday)"),
    ("omnt", rf"(?P<holiday>{HOLIDAY})"),
    (
        "odq",
        r"(?P<day>tomorrow|today|tonight|yesterday|last night|later on(?: today)?(?= today)|later today)(?:'s)?(?![a-z])",
    ),
    ("otq", r"(?P<weekend>(?:(?:this|next|the|at the|coming|last|over the|following|during the) )*weekend(?![a-z]))"),
    (
        "onqd",
        rf"(?P<every>(?:(?:every|each|most|alternate|only|some|usually)(?: other| second)? (?:(?:{WEEKDAYS})s?|day|week|month|weekend|morning|evening|afternoon|night)s?|(?:mon|tues|wednes|thurs|fri|satur|sun)days(?!')|(?:weekdays?|weeknights?|weekends)|weekly|fortnightly|monthly|24[/-]7(?! ?(?:at|[0-9]))|(?:mornings|afternoons|evenings|nights)(?! of))(?: (?:mornings?|afternoons?|evenings?|nights?))?)(?![a-z])",
    ),
    ("xntq", rf"(?P<nthday>(?:the )?{_NTH} (?P<nw>{WEEKDAYS}|week|weekend|day) {_OF_MONTH})(?![a-z])"),
    (
        "oxtq",
        rf"(?P<mend>(?:(?:the |towards the )*(?P<me>end|start|beginning|middle|first half|second half|early part|later part|rest|first week|last week) of|(?P<ml>mid|early|late|later(?: on)?(?: in)?|early in|late in))[ -](?:the )?(?P<mw>(?:(?:this|next|following|coming) )?(?:month|week(?! ?end))|(?:{MONTHS}))(?![a-z])|mid[ -]?week|eom|eow)",
    ),
    (
        "ot",
        rf"(?P<weekof>(?:the )?(?:(?:week|wk) (?:of|commencing|beginning|starting)|w/c) (?:the |mon(?:day)? (?:the )?)?(?P<wd>[0-9]{{1,2}})(?:{_TH})?(?: (?:of )?(?P<wm>{MONTHS}))?(?![a-z0-9]))",
    ),
    (
        "otdq",
        rf"(?P<wday>(?:(?:next|this coming|this|coming|last|the following|following|the) )?(?:{WEEKDAYS})(?:'s)?(?![a-z]){_ROAD})",
    ),
    (
        "otq",
        r"(?P<week>(?:(?:some ?time|any ?time) )?(?:this|next|the following|the coming|following|coming|last) (?:week|wk|month)(?! ?end)(?![a-z]))",
    ),
    (
        "n",
        r"(?P<ymd>20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:t(?P<iso>[0-9]{2}:[0-9]{2})(?::[0-9]{2})?z?)?(?![0-9]))",
    ),
    ("xnt", rf"(?P<dmons>(?:the )?{_DAY_NUMBER}{_TO}{_DAY_NUMBER}(?: of)? (?P<dsm>{MONTHS})\.?{_YEAR}(?![a-z]))"),
    (
        "xnt",
        rf"(?P<dmon>(?:the )?{_DAY_NUMBER}\.?(?: of)?[ -]?(?P<dm>{MONTHS})\.?(?!(?<=may) (?:be|work|suit|do)\b){_ROAD}{_YEAR}(?![a-z]))",
    ),
    ("m", rf"(?P<mdays>(?P<msm>{MONTHS})\.? (?:the )?{_DAY_NUMBER}{_TO}{_DAY_NUMBER}(?![0-9a-z:]| ?[ap]m))"),
    (
        "m",
        rf"(?P<mond>(?P<mm>{MONTHS})\.?[ -]?(?:the )?(?:[0-9]{{1,2}}(?:{_TH})?|{ORDINAL_WORDS}){_YEAR}(?![0-9a-z:]| ?[ap]\.?m\b))",
    ),
    (
        "mq",
        rf"(?P<mon>(?P<near>next |this )?(?P<mo>{MONTHS})\b(?! ?(?:[0-9]|i\b|we\b|you\b|be\b|not\b|have\b|need\b|want\b|street|st\b|road|rd\b|ave|lane)))",
    ),
    (
        "n",
        r"(?P<slash>(?<![./])[0-9]{1,2}/[0-9]{1,2}(?:/(?:20)?[0-9]{2})?(?![0-9/⁄]| ?(?:[ap]\.?m|-?ish|hour|hr|of\b|star|would|from me|day)))",
    ),
    (
        "n",
        r"(?P<dotted>(?<![.:])(?:[0-9]{1,2}\.[0-9]{1,2}\.(?:20)?[0-9]{2}(?![0-9])|[0-3]?[0-9]\.(?:0?[1-9]|1[0-2])\.(?=\s*(?:$|at|from|[0-9]|[,?]|in |around|morn|aft|even|after|before))|(?:2[4-9]|3[01])\.(?:0[1-9]|1[0-2])(?![0-9.])|[0-3]?[0-9]\.(?:0?[1-9]|1[0-2])(?= (?:at |um )?[0-9]{1,2}(?:[:.h][0-5][0-9]|[ap]m))|(?<=on )[0-3]?[0-9]\.(?:0?[1-9]|1[0-2])(?![0-9.:]| ?[ap]m)))",
    ),
    ("n", r"(?P<dashed>(?:2[4-9]|3[01])-(?:0?[1-9]|1[0-2])(?:-(?:20)?[0-9]{2})?(?![0-9-]))"),
    (
        "nt",
        rf"(?P<doms>(?:the )?[0-9]{{1,2}}(?:{_TH})? ?(?:-|to|till?|until|through|and|&) ?(?:the )?[0-9]{{1,2}}{_TH}{_THINGS})",
    ),
    (
        "xnt",
        rf"(?P<dom>(?:the )?[0-9]{{1,2}}(?:{_TH}| (?:nd|rd|th)){_THINGS}|the (?:twenty[ -](?:{_FIRSTS})|thirtieth|thirty[ -]first|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth){_THINGS}|the [1-3]?[0-9](?= of (?:this|next|the) month)|on the [1-3]?[0-9](?=$|[,.?!]| at\b| in the\b| please))",
    ),
    ("oxnal", rf"(?P<clock>{STRONG_CLOCK})"),
    (
        "xnal",
        rf"(?P<length>{LENGTH}(?! (?:late|early|away|walk|drive|notice|delay|old)\b)(?P<then> from now| later| earlier| ago| forward|(?:'s?)? time(?! (?:slot|at)))?)",
    ),
    (
        "oitq@",
        r"(?P<part>(?:(?:(?:in|during|on|over) )?(?:the |this |later (?:in the )?|(?:late|early) (?:on )?in the |late |early |mid[ -]?|for )*(?<!good )(?<!night )(?:morning|afternoon|evening|lunch ?time|lunch ?hour|night(?! night))|over lunch|at lunch|(?:in the |the )?(?:early|small|wee) hours|late ?night)(?!ie|s\b|time|y\b)(?![a-z]))",
    ),
    (
        "oq",
        rf"(?P<early>(?:bright and )?(?:early|late)(?: on)?(?= (?:tomorrow|today|tonight|this (?:morning|afternoon|evening)|next|on|(?:{WEEKDAYS})\b)))",
    ),
    (
        "oq",
        r"(?P<half>late[- ]?ish|early[- ]?ish|nice and early|(?<=, )(?:early|late)|(?<=morning )(?:early|late)|(?<=afternoon )(?:early|late)|(?<=evening )(?:early|late)|(?<=tonight )(?:early|late)(?! (?:fee|cancel)))(?![a-z])",
    ),
    (
        "oa",
        r"(?P<halfday>(?:(?<=the )|(?<=in the )|(?<=this ))[ap]\.?m\.?(?![a-z])|(?:am|pm|a\.m\.?|p\.m\.?|eve|aft|lunch)(?= ?(?:$|[,.?!/]|at |around |about |after |before |or |and |please|pls|for |if |would|is |works|only|on )))",
    ),
    ("xn", rf"(?P<weak>{_WEAK})"),
)


def _master(lead: str) -> re.Pattern[str]:
    return re.compile("|".join(pattern for leads, pattern in _PIECES if lead in leads))


_BEGINNINGS = {
    "x": f"{HOUR_WORDS}|{HOUR_WORDS.replace('|', 'ish|')}ish|{_TENS}|{_TEENS}|{_FIRSTS}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|hundred|couple|few|several",
    "l": "half|quarter|hour|hr",
    "d": "mon|monday|tue|tues|tuesday|wed|weds|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday|today|tomorrow|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays",
    "m": "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|oct|october|nov|november|dec|december",
    "q": "this|next|last|coming|following|early|late|later|mid|every|each|most|alternate|only|some|usually",
    "a": "a|an", "t": "the", "i": "in", "@": "at",
    "o": "asap|as|soon|right|straight|straightaway|immediately|shortly|soonest|earliest|now|any|anytime|whenever|flexible|totally|pretty|very|no|do|don|dont|after|aft"
    "|within|with|over|during|week|weeks|fortnight|fortnights|overmorrow|day|month|christmas|boxing|new|nye|nyd|valentine|valentines|halloween|bonfire|guy|st|independence"
    "|thanksgiving|black|cyber|good|easter|mother|mothers|mothering|father|fathers|pancake|shrove|ash|burns|spring|summer|bank|tonight|yesterday|earlier|weekend|weekends|weekday|weekdays"
    "|weeknight|weeknights|weekly|fortnightly|monthly|mornings|afternoons|evenings|nights|off|days|end|start|beginning|middle|rest|midweek|eom|eow|noon|midday|midnight|morning|afternoon"
    "|evening|lunch|lunchtime|night|small|wee|am|pm|p|eve|noonish|middayish|lateish|earlyish|nice|bright|w|wk",
}  # fmt: skip


def _beginnings() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Per word that may begin a time: the pieces it may begin, in order; "0" stands for every digit."""
    pieces = [(leads, re.compile(piece, re.ASCII)) for leads, piece in _PIECES]
    return {
        word: tuple(piece for leads, piece in pieces if lead in leads)
        for lead, words in {**_BEGINNINGS, "n": "0"}.items()
        for word in words.split("|")
    }


PIECES = _beginnings()
# Where a piece may begin.
WORDS = re.compile(r"(?<![a-z0-9])(?:[a-z]+|[0-9])")


# A wide net: most messages hold no time word at all.
HINT = re.compile(
    r"[0-9]|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|to(?:d|m|n)|noon|mid|morn|after|even|night|lunch"
    r"|week|now|asap|any|flex|first|hour|half|quarter|past|soon|earl|immed|right|straight|end|month|day|yest|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|twent|thirt|min|when|fortnight|christ|boxing|new y|ny|valen|hallow|bonfire|east|good f|black f|at once|short"
    r"|in a|same|last|[ap]\.?m\b|eve\b|aft\b|the (?:sooner|earlier|quicker)|thanksg|this|late|over|within|start|beginn|next|don)",
    re.ASCII,  # 周六afternoon: a Chinese character is no letter of an English word
)
