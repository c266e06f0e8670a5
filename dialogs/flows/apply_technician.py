"""Applying as a technician: name, sex, skills, regions, a certificate's photo, the weekly rota."""

import re
from typing import Any

from core import technicians
from core.catalog import text_in
from core.technicians import RotaSpan, Sex, TechnicianState
from core.words import one_line
from dialogs.engine.actions import Change, Commit, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from nlu import Understanding

_LONGEST_NAME = 20
_WORKDAYS, _WEEKEND, _ALL = range(5), range(5, 7), range(7)
_ROTAS: dict[str, list[tuple[int, int, int]]] = {
    "days": [(weekday, 540, 1080) for weekday in _ALL],
    "workdays": [(weekday, 540, 1080) for weekday in _WORKDAYS],
    "evenings": [(weekday, 1080, 1380) for weekday in _ALL],
    "weekend": [(weekday, 540, 1260) for weekday in _WEEKEND],
}
_HOURS = re.compile(r"(\d{1,2})(?:[:：点](\d{2})?)?\s*(?:-|–|—|~|到|至|to)\s*(\d{1,2})(?:[:：点](\d{2})?)?")
_ASKS_HOW_IT_STANDS = re.compile(
    r"申请(?!退|取消|开票|发票|改)|应征|审核|审批|(?:通过|录用|录取)(?:了)?(?:吗|没|么)|(?:等|出|有|通知|告诉).{0,6}结果|结果.{0,6}(?:出|通知|告诉|呢|怎么样)"
    r"|\bmy application\b|\b(?:hear back|been (?:accepted|approved)|when (?:do|can) i start)\b"
)
"""Words of somebody who has applied and waits to hear."""
_DAYS = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_DAY = r"(?:周|星期|礼拜|週)?([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAY_RANGE = re.compile(rf"(?:{_DAY})\s*(?:-|–|到|至|to)\s*(?:{_DAY})", re.IGNORECASE)
_EVERY_DAY = re.compile(r"每天|天天|every\s*day|daily", re.IGNORECASE)
_ON_WORKDAYS = re.compile(r"工作日|weekdays", re.IGNORECASE)
_ON_WEEKEND = re.compile(r"周末|週末|weekends?", re.IGNORECASE)


def _start(step: Step) -> Done | None:
    known = technicians.of_person(step.tx, step.person_id)
    if known is None or known.state is TechnicianState.REFUSED:
        return None
    return Done(step.say(f"apply_technician.is_{known.state}"))


def _claims(step: Step, understood: Understanding) -> bool:
    """Who waits for our answer asks for it in words that mean nothing else."""
    if step.frame.flow or _ASKS_HOW_IT_STANDS.search(understood.normal) is None:
        return False
    known = technicians.of_person(step.tx, step.person_id)
    return known is not None and known.state is TechnicianState.APPLIED


def _read_name(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked:
        return None
    said = answer.understood.first("name") if answer.understood else None
    text = one_line(str(said.value) if said is not None else answer.text if answer.sure else "")
    if not text:
        return None
    if len(text) > _LONGEST_NAME or not any(character.isalpha() for character in text):
        return Missed(step.say("apply_technician.name.example"))
    return Took({"name": text})


def _ask_sex(step: Step) -> Ask:
    choices = tuple(Choice(step.say(f"book.sex_{sex}"), {"sex": sex.value}) for sex in Sex)
    return Ask(step.say("apply_technician.ask_sex"), choices, columns=2)


def _read_sex(_step: Step, answer: Answer) -> Took | None:
    said = answer.understood.first("sex") if answer.understood and answer.asked else None
    return None if said is None else Took({"sex": said.value})


def _several(name: str, kind: str, entity: str, listed: Any, *, hears: tuple[str, ...] = ()) -> Field:
    """Return a field that takes several of a list: tap one after another, or name them in one sentence, then done."""
    picked_name = f"_{name}"

    def ask(step: Step) -> Ask:
        picked: list[int] = step.values.get(picked_name, [])
        rest = [(label, key) for key, label in listed(step) if key not in picked]
        choices = [Choice(label, {picked_name: [*picked, key]}) for label, key in rest]
        if picked:
            choices.insert(0, Choice(step.say("apply_technician.picked_all"), {name: picked}))
            names = [label for key, label in listed(step) if key in picked]
            joined = ("、" if step.lang != "en" else ", ").join(names)
            return Ask(step.say(f"apply_technician.ask_more_{name}", picked=joined), tuple(choices), columns=2)
        return Ask(step.say(f"apply_technician.ask_{name}"), tuple(choices), columns=2)

    def read(step: Step, answer: Answer) -> Took | None:
        if answer.understood is None or not answer.asked:
            return None
        said = [int(e.value) for e in answer.understood.entities if e.kind == entity and isinstance(e.value, str)]
        if said:
            return Took({picked_name: list(dict.fromkeys([*step.values.get(picked_name, []), *said]))})
        yes = answer.understood.first("yes_no")
        if yes is not None and step.values.get(picked_name):
            return Took({name: step.values[picked_name]})
        return None

    return Field(name, kind, ask, read, holds=list[int], hears=hears)


def _services(step: Step) -> list[tuple[int, str]]:
    return [(service.id, text_in(service.names, step.lang)) for service in catalogue_of(step).services]


def _regions(step: Step) -> list[tuple[int, str]]:
    return [(region.id, text_in(region.names, step.lang)) for region in catalogue_of(step).regions]


def _read_certificate(step: Step, answer: Answer) -> Took | None:
    """A photo counts whenever it comes: an applicant sends no other."""
    if answer.photo_file_id is None:
        return None
    return Took({"certificate": answer.photo_file_id}, "" if answer.asked else step.say("engine.noted"))


def _ask_rota(step: Step) -> Ask:
    choices = tuple(
        Choice(step.say(f"apply_technician.rota_{name}"), {"rota": [list(span) for span in spans]})
        for name, spans in _ROTAS.items()
    )
    return Ask(step.say("apply_technician.ask_rota"), choices)


def _read_rota(step: Step, answer: Answer) -> Took | Missed | None:
    """Working time in words: 周一到周五 9:00-18:00, weekends 10-20."""
    if not answer.asked or not answer.text:
        return None
    hours = _HOURS.search(_DAY_RANGE.sub(" ", answer.text))
    if hours is None:
        return None
    start = int(hours[1]) * 60 + int(hours[2] or 0)
    end = int(hours[3]) * 60 + int(hours[4] or 0)
    if end <= start:
        end += 720 if start < 720 and end + 720 > start and int(hours[3]) <= 12 else 1440
    if not (0 <= start < 1440 and start < end <= start + 960):
        return Missed(step.say("apply_technician.rota.example"))
    return Took({"rota": [[weekday, start, end] for weekday in _weekdays(answer.text)]})


def _weekdays(text: str) -> list[int]:
    if _EVERY_DAY.search(text):
        return list(_ALL)
    between = _DAY_RANGE.search(text)
    if between is not None:
        first = _DAYS[(between[1] or between[2]).casefold()[:3]]
        last = _DAYS[(between[3] or between[4]).casefold()[:3]]
        return [(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)]
    if _ON_WORKDAYS.search(text):
        return list(_WORKDAYS)
    if _ON_WEEKEND.search(text):
        return list(_WEEKEND)
    single = re.findall(r"(?:周|星期|礼拜|週)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)", text, re.IGNORECASE)
    return sorted({_DAYS[(han or latin).casefold()] for han, latin in single}) or list(_ALL)


def rota_words(step: Step, rota: list[list[int]]) -> str:
    """Write a rota: 周一 09:00–18:00、周二 …, days of the same hours together."""
    by_hours: dict[tuple[int, int], list[int]] = {}
    for weekday, start, end in rota:
        by_hours.setdefault((start, end), []).append(weekday)
    parts = []
    for (start, end), weekdays in by_hours.items():
        days = step.say("apply_technician.every_day") if len(weekdays) == len(_ALL) else _day_names(step, weekdays)
        parts.append(f"{days} {start // 60:02d}:{start % 60:02d}–{end // 60 % 24:02d}:{end % 60:02d}")
    return ("；" if step.lang != "en" else "; ").join(parts)


def _day_names(step: Step, weekdays: list[int]) -> str:
    names = [step.say(f"weekday.{weekday}") for weekday in sorted(weekdays)]
    return ("、" if step.lang != "en" else ", ").join(names)


def _summary(step: Step) -> Ask:
    values, shop = step.values, catalogue_of(step)
    joined = ("、" if step.lang != "en" else ", ").join
    text = step.say(
        "apply_technician.summary",
        name=values["name"],
        sex=step.say(f"book.sex_{values['sex']}"),
        skills=joined(text_in(shop.service(each).names, step.lang) for each in values["skills"]),
        regions=joined(text_in(shop.region(each).names, step.lang) for each in values["regions"]),
        rota=rota_words(step, values["rota"]),
    )
    changes = ("name", "skills", "regions", "rota")
    return Ask(
        text,
        extra=(
            Button(step.say("apply_technician.send"), plain(Commit())),
            *(Button(step.say(f"apply_technician.change_{name}"), plain(Change(name))) for name in changes),
        ),
    )


def _commit(step: Step) -> Done:
    values = step.values
    technicians.apply(
        step.tx,
        step.person_id,
        name=values["name"],
        sex=values["sex"],
        service_ids=values["skills"],
        region_ids=values["regions"],
        rota=tuple(RotaSpan(*span) for span in values["rota"]),
        certificate_file_ids=(values["certificate"],),
        now=step.now,
    )
    return Done(step.say("apply_technician.done"))


APPLY_TECHNICIAN = Flow(
    name="apply_technician",
    role="anyone",
    intents=("apply_technician",),
    fields=(
        Field("name", "name", lambda step: Ask(step.say("apply_technician.ask_name")), _read_name, raw=True, holds=str),
        Field("sex", "sex", _ask_sex, _read_sex, holds=str),
        _several("skills", "service", "service", _services, hears=("book", "browse_services")),
        _several("regions", "region", "region", _regions),
        Field(
            "certificate",
            "text",
            lambda step: Ask(step.say("apply_technician.ask_certificate"), asks="photo"),
            _read_certificate,
            holds=int,
        ),
        Field("rota", "rota", _ask_rota, _read_rota, holds=list[list[int]], hears=("leave",)),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    claims=_claims,
    outspoken=True,
    keeps={"_skills": list[int], "_regions": list[int]},
    unsure=True,
)
