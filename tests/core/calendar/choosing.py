"""What a random walk chooses: wishes, people, days and starts, crowded enough to collide."""

import random
from datetime import datetime, timedelta

from core.calendar import Wish
from core.technicians import NO_PREFERENCE, Preferences, Sex
from tests.core.calendar.oracle import DAY, MINUTE, QUARTER, Oracle, Worker
from tests.core.calendar.scenes import Scene, World, near_centre

LAST_DAY = timedelta(days=6)


class Chooser:
    """Chooses at random from one world, at one time that goes on."""

    def __init__(self, world: World, scene: Scene, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.oracle: Oracle = world.oracle
        self.now = scene.begin + timedelta(days=dice.choice([3, 5]), seconds=dice.randrange(86_400), microseconds=7)
        self.busy_day = self.now + timedelta(days=dice.choice([0, 1, 3]), hours=-self.now.hour)
        """The day most people want."""
        self.undecided = 0
        """For how many steps more somebody changes their mind every minute or two."""
        self._end = scene.begin + timedelta(days=3) + LAST_DAY

    def a_wish(self, technician: int | None = None) -> Wish:
        dice = self.dice
        place = near_centre(dice, dice.choices([0.02, 0.1, 2.0], [70, 27, 3])[0])
        preferences = NO_PREFERENCE
        if dice.random() < 0.1:
            preferences = Preferences(
                sex=dice.choice([None, Sex.MALE, Sex.FEMALE]),
                least_stars=dice.choice([None, 4.5, 4.8]),
                least_years=dice.choice([0, 2]),
                certified=dice.random() < 0.3,
            )
        return Wish(
            service_id=self.world.services[dice.random() < 0.1],
            minutes=dice.choice([1, 30, 45, 50, 60, 60, 75, 90, 120, 240]),
            buffer_minutes=dice.choice([0, 10, 15, 15, 30]),
            region_id=self.world.regions[dice.random() < 0.1],
            lat=place.lat,
            lng=place.lng,
            technician_id=technician,
            preferences=preferences,
            crew=1 if dice.random() < 0.85 else 2,
            most_metres=dice.choice([*[None] * 18, 9_000, 15_000]),
        )

    def somebody(self) -> int:
        return self.dice.choices(self.world.people, [8, 4, 2, 1, 1, 1, 1, 1])[0]

    def a_technician(self) -> Worker:
        staff = list(self.oracle.staff.values())
        return self.dice.choice(staff[: self.dice.choice([4, 4, 4, len(staff)])])

    def maybe_a_technician(self) -> int | None:
        return None if self.dice.random() < 0.3 else self.a_technician().id

    def a_day(self) -> list[datetime]:
        """Return the starts of one day, most often soon."""
        dice, now = self.dice, self.now
        soon = now + timedelta(hours=dice.choice([0, 0, 12, 24]))
        any_day = now + timedelta(hours=dice.randrange(15 * 24))
        begin = dice.choices([self.busy_day, soon, any_day], [5, 3, 1])[0]
        return self.starts(begin, begin + DAY)

    def starts(self, begin: datetime, until: datetime) -> list[datetime]:
        first = self.oracle.begin + -((self.oracle.begin - begin) // QUARTER) * QUARTER
        found = []
        while first < until:
            found.append(first)
            first += QUARTER
        return found

    def a_start(self, wish: Wish, person: int) -> datetime:
        """Return a start that is free, or one beside a visit, or any, even an impossible one."""
        dice, day = self.dice, self.a_day()
        if dice.random() < 0.75:
            for some in (day, self.a_day(), self.a_day()):
                if free := self.oracle.free(wish, some, self.now, person=person):
                    return dice.choice(free)
        others = [*self.oracle.visits.values(), *self.oracle.holds]
        if others and dice.random() < 0.6:
            return dice.choice(others).starts + dice.randrange(-8, 12) * QUARTER
        if dice.random() < 0.1:
            return dice.choice(day) + 7 * MINUTE
        if dice.random() < 0.2:
            return dice.choice(self.starts(self.now - timedelta(hours=3), self.now + timedelta(hours=2)))
        return dice.choice(day) + dice.choice([0, 14]) * DAY

    def pass_time(self) -> None:
        dice = self.dice
        if self.undecided:
            self.now += timedelta(seconds=dice.randrange(150))
            return
        most = dice.choices([0.1, 2, 6, 60, 300], [60, 26, 10, 3, 1])[0]
        until = min((one.expires for one in self.oracle.holds if one.expires and one.expires > self.now), default=None)
        if until is not None and dice.random() < 0.03:
            self.now = until
        elif self.now < self._end:
            self.now += timedelta(seconds=dice.randrange(int(most * 60)), microseconds=dice.choice([0, 0, 123]))
