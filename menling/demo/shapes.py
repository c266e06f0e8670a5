"""The shapes of the demo city: frozen facts, no behaviour beyond looking themselves up."""

from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("zh-Hans", "en")


class Sex(StrEnum):
    """The sex a technician's card shows."""

    FEMALE = "female"
    MALE = "male"


class PlaceKind(StrEnum):
    """What kind of place the gazetteer names."""

    COMPOUND = "compound"
    OFFICE = "office"
    HOTEL = "hotel"
    METRO = "metro"
    STATION = "station"
    LANDMARK = "landmark"
    PARK = "park"
    CAMPUS = "campus"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the demo; in Traditional Chinese where Taiwan says more than other letters."""

    zh_hans: str
    en: str
    zh_hant: str = ""

    def by_language(self) -> dict[str, str]:
        """The same text keyed by language tag."""
        traditional = {"zh-Hant": self.zh_hant} if self.zh_hant else {}
        return {"zh-Hans": self.zh_hans, "en": self.en, **traditional}


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Other words people use for the same thing, by language."""

    zh_hans: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    zh_hant: tuple[str, ...] = ()

    def by_language(self) -> dict[str, tuple[str, ...]]:
        """The same words keyed by language tag."""
        traditional = {"zh-Hant": self.zh_hant} if self.zh_hant else {}
        return {"zh-Hans": self.zh_hans, "en": self.en, **traditional}


@dataclass(frozen=True, slots=True)
class DemoStore:
    """The shop; opening hours are minutes after local midnight."""

    code: str
    names: Words
    address: Words
    phone: str
    zone: str
    currency: str
    opens_minute: int
    closes_minute: int
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """A district that is served: its centre and how far it reaches."""

    code: str
    names: Words
    aliases: Synonyms
    lat: float
    lng: float
    radius_km: int


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A compound, tower, hotel or landmark of the gazetteer."""

    code: str
    kind: PlaceKind
    region: str
    names: Words
    aliases: Synonyms
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """A trade."""

    code: str
    names: Words
    synonyms: Synonyms


@dataclass(frozen=True, slots=True)
class DemoOption:
    """One way to buy a service: minutes, minor units, how many of it one visit may hold, how many come for it."""

    code: str
    names: Words
    minutes: int
    price_minor: int
    most: int = 1
    crew: int = 1


@dataclass(frozen=True, slots=True)
class DemoService:
    """Something that can be booked."""

    code: str
    category: str
    names: Words
    descriptions: Words
    synonyms: Synonyms
    buffer_minutes: int
    options: tuple[DemoOption, ...]


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """A policy answer: the general words, and better ones for some categories."""

    topic: str
    asked_as: Synonyms
    words: Words
    by_category: dict[str, Words]


@dataclass(frozen=True, slots=True)
class RotaSpan:
    """Working time: minutes after midnight of that weekday (Monday 0); past 1440 it is the next morning."""

    weekday: int
    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class DemoTechnician:
    """Somebody who rings the bell, with the reviews and orders they start with."""

    code: str
    number: int
    names: Words
    sex: Sex
    age_band: str
    years: int
    skills: tuple[str, ...]
    regions: tuple[str, ...]
    lat: float
    lng: float
    bio: Words
    certificates: tuple[Words, ...]
    rota: tuple[RotaSpan, ...]
    stars_sum: int
    stars_count: int
    orders_done: int

    @property
    def age(self) -> int:
        """The lower end of the age band."""
        return int(self.age_band.split("-")[0])


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """A saved address: a place of the gazetteer, and the door inside it."""

    label: Words
    place: str
    detail: Words


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer who has been here before."""

    code: str
    names: Words
    language: str
    phone: str
    addresses: tuple[DemoAddress, ...]


@dataclass(frozen=True, slots=True)
class DemoCity:
    """Everything the demo starts with."""

    store: DemoStore
    regions: tuple[DemoRegion, ...]
    places: tuple[DemoPlace, ...]
    categories: tuple[DemoCategory, ...]
    services: tuple[DemoService, ...]
    answers: tuple[DemoAnswer, ...]
    technicians: tuple[DemoTechnician, ...]
    customers: tuple[DemoCustomer, ...]

    def trade_of(self, technician: DemoTechnician) -> str:
        """The category of the technician's first skill; it decides the clothes in the portrait."""
        return next(service.category for service in self.services if service.code == technician.skills[0])
