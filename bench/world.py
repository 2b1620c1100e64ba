"""A generated ledger: a city, its counties and their towns, with three years of records.

Rows are inserted in bulk, past ``ledger.write``: this is the one place that may, for it only makes
the ground that is measured. The same size always gives the same ledger.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from tqdm import tqdm

CITY, BANNER = "city", "banner"
FIRST, LAST = date(2019, 1, 1), date(2021, 12, 31)
NOW = datetime(2022, 1, 10, tzinfo=UTC)
CHUNK = 2000

THEMES = ("volunteering", "rural", "minority", "expert", "agriculture", "health", "emergency")
FORMS = ("lecture", "training", "consultation", "clinic", "field", "exhibition", "caravan", "show")
SETTINGS = ("community", "school", "office", "countryside", "enterprise", "venue")
SUBJECTS = (
    "科学施肥", "牲畜防疫", "节水灌溉", "急救常识", "食品安全", "绿色低碳", "防灾减灾", "眼健康",
    "心理健康", "反邪教", "智能手机使用", "蒙古文科普", "航天知识", "机器人体验", "合理用药", "垃圾分类",
    "防震避险", "森林防火", "冬季取暖安全", "家禽养殖", "温室蔬菜", "玉米病虫害防治", "草原生态", "科普电影",
)  # fmt: skip
LOCATIONS = (
    "文化广场",
    "嘎查党群中心",
    "中心小学",
    "社区活动室",
    "敬老院",
    "农牧民合作社",
    "镇政府会议室",
)
STATES = (("verified", 85), ("submitted", 8), ("draft", 5), ("returned", 1), ("void", 1))


@dataclass(frozen=True)
class Size:
    """How large the ledger is, and how often things are measured on it."""

    units: int = 300
    counties: int = 23
    activities: int = 100_000
    volunteers: int = 5_000
    imported: int = 50_000
    compared: int = 2_000
    rounds: int = 30
    verified: int = 10_000
    large: int = 1_000_000


FULL = Size()
SMALL = Size(30, 5, 5_000, 500, 2_000, 200, 8, 300, 20_000)


@dataclass
class World:
    """The generated ledger's people and units."""

    manager: Any
    recorder: Any
    verifier: Any
    units: list[Any]
    towns: list[Any]


def build(size: Size, *, quiet: bool = False) -> World:
    """Generate the ledger in one transaction."""
    made = _Maker(size, quiet)
    with transaction.atomic():
        world = made.people_and_units()
        made.activities(world)
        made.evidence(world)
        made.volunteers(world)
        made.places(world)
        made.governance(world)
    return world


class _Maker:
    def __init__(self, size: Size, quiet: bool) -> None:
        self.size = size
        self.quiet = quiet
        self.random = random.Random(20211231)
        self.numbers: dict[tuple[int, str], int] = defaultdict(int)

    def people_and_units(self) -> World:
        from taizhang.accounts.models import Membership, User
        from taizhang.org.models import Placement, Unit
        from taizhang.org.provider import rebuild_paths

        people = {
            name: User.objects.create(username=name, display_name=shown)
            for name, shown in (("lin", "林主席"), ("su", "苏干事"), ("zhi", "志核实"))
        }
        self.author, self.verifier = people["su"], people["zhi"]
        self.stamp = {"created_at": NOW, "changed_at": NOW, "written_by": self.author}
        city = Unit(code=CITY, name="演示市科协", kind="association", **self.stamp)
        city.save()
        counties = Unit.objects.bulk_create(
            Unit(
                code=BANNER if number == 0 else f"county-{number:02d}",
                name=f"第{number + 1}旗科协",
                kind="association",
                parent=city,
                **self.stamp,
            )
            for number in range(self.size.counties)
        )
        towns = Unit.objects.bulk_create(
            Unit(
                code=f"town-{number:03d}",
                name=f"第{number + 1}苏木镇科协",
                short_name=f"{number + 1}镇",
                kind="town",
                parent=counties[number % len(counties)],
                **self.stamp,
            )
            for number in range(self.size.units - 1 - len(counties))
        )
        # Four towns move: one out of the banner, one into it, two elsewhere.
        moves = [(0, 1), (1, 0), (2, 3), (3, 4)]
        Placement.objects.bulk_create(
            Placement(
                unit=towns[town],
                parent=counties[county],
                first_on=date(2021, 3 + number * 2, 1),
                state="verified",
                verified_by=self.verifier,
                verified_at=NOW,
                **self.stamp,
            )
            for number, (town, county) in enumerate(moves)
        )
        rebuild_paths()
        for name, role in (("lin", "manager"), ("su", "recorder"), ("zhi", "verifier")):
            Membership.objects.create(user=people[name], unit=city, role=role)
        return World(people["lin"], people["su"], people["zhi"], [city, *counties, *towns], towns)

    def activities(self, world: World) -> None:
        from taizhang.activities.models import Activity, Audience, Theme
        from taizhang.ledger.models import Entry

        themes = {term.code: term.pk for term in Theme.objects.all()}
        audiences = [term.pk for term in Audience.objects.all()]
        chosen: list[list[str]] = []

        def rows() -> Iterator[Activity]:
            for _number in range(self.size.activities):
                unit = self._unit(world)
                day = self._day()
                chosen.append(self._themes())
                yield Activity(
                    unit=unit,
                    code=self._code("HD", unit, day),
                    title=f"{self._one(SUBJECTS)}进{self._one(LOCATIONS)}活动",
                    form=self._one(FORMS),
                    setting=self._one(SETTINGS),
                    held_on=day,
                    location=f"{unit.short_name or unit.name}{self._one(LOCATIONS)}",
                    attendance=None if self._chance(3) else self.random.randint(15, 600),
                    volunteers=self.random.randint(2, 25),
                    summary="向群众讲解科学知识，发放宣传资料，现场答疑。",
                    **self._state(),
                )

        keys: list[int] = []
        for part in self._parts("activities", rows(), self.size.activities):
            keys += [row.pk for row in Activity.objects.bulk_create(part)]
            Entry.objects.bulk_create(
                Entry(
                    at=NOW,
                    actor=self.author,
                    register="activities.activity",
                    record_id=row.pk,
                    label=f"{row.unit.code}/{row.code} {row.title}",
                    verb="add",
                    version=1,
                    changes={"title": [None, row.title], "attendance": [None, row.attendance]},
                )
                for row in part
            )
        tagged = Activity.themes.through
        total = sum(map(len, chosen))
        tags = (
            tagged(activity_id=key, theme_id=themes[code])
            for key, codes in zip(keys, chosen, strict=True)
            for code in codes
        )
        for part in self._parts("themes", tags, total):
            tagged.objects.bulk_create(part)
        meant = Activity.audiences.through
        words = (meant(activity_id=key, audience_id=self._one(audiences)) for key in keys)
        for part in self._parts("audiences", words, len(keys)):
            meant.objects.bulk_create(part)

    def evidence(self, world: World) -> None:
        """Three activities in five have a photo, some of them only a statement entered later."""
        from taizhang.activities.models import Activity
        from taizhang.evidence.models import Blob, Evidence

        blobs = Blob.objects.bulk_create(
            Blob(sha256=f"{number:064x}", size=1000, media_type="image/jpeg")
            for number in range(200)
        )
        keys = list(Activity.objects.order_by("pk").values_list("pk", flat=True))
        proved = [key for key in keys if self._chance(60)]

        def rows() -> Iterator[Evidence]:
            for key in proved:
                kind, strength = ("statement", 3) if self._chance(15) else ("photo", 2)
                yield Evidence(
                    register="activities.activity",
                    record_id=key,
                    blob=self._one(blobs),
                    kind=kind,
                    strength=strength,
                    name="现场.jpg",
                    added_by=self.author,
                    added_at=NOW,
                )

        for part in self._parts("evidence", rows(), len(proved)):
            Evidence.objects.bulk_create(part)

    def volunteers(self, world: World) -> None:
        from taizhang.volunteers.models import Volunteer

        def rows() -> Iterator[Volunteer]:
            for number in range(self.size.volunteers):
                unit, day = self._unit(world), self._day()
                yield Volunteer(
                    unit=unit,
                    code=self._code("ZY", unit, None),
                    name=f"演示{number}",
                    team=self._one(("corps", "brigade", "school", "none")),
                    platform=self._one(("national", "provincial", "paper")),
                    joined_on=day,
                    left_on=self._later(day),
                    **self._state(),
                )

        for part in self._parts("volunteers", rows(), self.size.volunteers):
            Volunteer.objects.bulk_create(part)

    def places(self, world: World) -> None:
        """Two places a unit, each with zones and exhibits; museums with their visit days."""
        from taizhang.places.models import Exhibit, Place, VisitDay, Zone

        places = Place.objects.bulk_create(
            Place(
                unit=unit,
                code=f"CG-{number}",
                name=f"{unit.name}{'科技馆' if museum else '科普e站'}",
                kind="museum" if museum else "estation",
                building_area=Decimal(self.random.randint(500, 3000)) if museum else None,
                exhibition_area=Decimal(self.random.randint(300, 2000)) / 2 if museum else None,
                opened_on=self._day(),
                **self._state(),
            )
            for unit in world.units
            for number, museum in enumerate((unit.kind == "association", False), start=1)
        )
        museums = [place for place in places if place.kind == "museum"]
        Zone.objects.bulk_create(
            Zone(place=p, name=f"第{n}展区", opened_on=self._day(), **self._state())
            for p in museums
            for n in range(4)
        )
        Exhibit.objects.bulk_create(
            Exhibit(
                place=place,
                code=f"ZP-{number}",
                name="声波展品",
                pieces=self.random.randint(1, 4),
                installed_on=(day := self._day()),
                removed_on=self._later(day),
                **self._state(),
            )
            for place in museums
            for number in range(40)
        )
        days = [FIRST + timedelta(days=7 * n) for n in range((LAST - FIRST).days // 7)]

        def rows() -> Iterator[VisitDay]:
            for place in museums:
                for day in days:
                    yield VisitDay(
                        place=place,
                        held_on=day,
                        visits=self.random.randint(0, 200),
                        **self._state(),
                    )

        for part in self._parts("visit days", rows(), len(museums) * len(days)):
            VisitDay.objects.bulk_create(part)

    def governance(self, world: World) -> None:
        """Meetings and problems of every unit."""
        from taizhang.governance.models import Measure, Meeting, Problem, Topic

        topics = [term.pk for term in Topic.objects.all()]

        def meetings() -> Iterator[Meeting]:
            for unit in world.units:
                for _number in range(20):
                    day = self._day()
                    yield Meeting(
                        unit=unit,
                        code=self._code("HY", unit, day),
                        title=f"{self._one(SUBJECTS)}专题学习",
                        body=self._one(("centre_group", "party_group", "branch")),
                        kind=self._one(("study", "warning", "lecture", "regular")),
                        held_on=day,
                        entitled=12,
                        present=self.random.randint(5, 12),
                        **self._state(),
                    )

        for part in self._parts("meetings", meetings(), 20 * len(world.units)):
            rows = Meeting.objects.bulk_create(part)
            about = Meeting.topics.through
            about.objects.bulk_create(
                about(meeting_id=row.pk, topic_id=topic)
                for row in rows
                for topic in self.random.sample(topics, self.random.randint(1, 2))
            )
        problems = Problem.objects.bulk_create(
            Problem(
                unit=unit,
                code=f"WT-{number}",
                level="group" if number % 2 else "personal",
                source="inspection",
                statement="制度执行不够到位",
                post="副主席",
                raised_on=(day := self._day()),
                progress="closed" if number % 3 else "going",
                closed_on=day + timedelta(days=30) if number % 3 else None,
                **self._state(),
            )
            for unit in world.units
            for number in range(6)
        )
        Measure.objects.bulk_create(
            Measure(problem=problem, number=number, statement="建立台账", **self._state())
            for problem in problems
            for number in (1, 2)
        )

    def _unit(self, world: World) -> Any:
        """A town nine times in ten, else a county or the city."""
        return self._one(world.towns if self._chance(90) else world.units)

    def _day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days + 1))

    def _later(self, day: date) -> date | None:
        return day + timedelta(days=self.random.randint(0, 500)) if self._chance(10) else None

    def _themes(self) -> list[str]:
        return self.random.sample(THEMES, self.random.choice((1, 1, 1, 2, 2, 3)))

    def _state(self) -> dict[str, Any]:
        names, weights = zip(*STATES, strict=True)
        (state,) = self.random.choices(names, weights)
        if state == "verified":
            return self.stamp | {"state": state, "verified_by": self.verifier, "verified_at": NOW}
        return self.stamp | {"state": state}

    def _code(self, prefix: str, unit: Any, day: date | None) -> str:
        stem = f"{prefix}-{day.year}-" if day else f"{prefix}-"
        self.numbers[unit.pk, stem] += 1
        return f"{stem}{self.numbers[unit.pk, stem]:04d}"

    def _one(self, items: Any) -> Any:
        return items[int(self.random.random() * len(items))]

    def _chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def _parts(self, title: str, rows: Iterable[Any], total: int) -> Iterator[list[Any]]:
        source = iter(rows)
        with tqdm(total=total, desc=title, leave=False, disable=self.quiet) as bar:
            while part := list(islice(source, CHUNK)):
                yield part
                bar.update(len(part))
