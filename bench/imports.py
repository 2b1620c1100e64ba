"""A large import, beside django-import-export on the same model.

Ours reads the workbook, plans every row and writes it with its history; theirs gets the rows ready
in memory, makes the preview (dry run) and imports, each row through ``full_clean``, and keeps no
history. What is left out on their side is left out in their favour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from tqdm import tqdm

from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import read_sheets
from taizhang.exchange import carry, plans
from taizhang.ledger import catalogue

from .measures import Measure, stopwatch
from .world import FIRST, FORMS, LOCATIONS, SETTINGS, SUBJECTS, THEMES, Size, World

COLUMNS = (
    "unit", "code", "title", "form", "themes", "setting", "held_on", "location", "volunteers",
    "attendance",
)  # fmt: skip
TIMES_FASTER = 4


def rows(world: World, count: int, prefix: str) -> Iterator[list[Any]]:
    """Rows as a person fills them in: codes of units and words, days, numbers."""
    dice = random.Random(prefix)
    for number in range(count):
        yield [
            world.towns[number % len(world.towns)].code,
            f"{prefix}-{number:06d}",
            f"{dice.choice(SUBJECTS)}进{dice.choice(LOCATIONS)}",
            dice.choice(FORMS),
            "、".join(dice.sample(THEMES, dice.randint(1, 3))),
            dice.choice(SETTINGS),
            FIRST + timedelta(days=dice.randrange(1000)),
            dice.choice(LOCATIONS),
            dice.randint(1, 20),
            dice.randint(10, 500),
        ]


def workbook(path: Path, world: World, count: int, prefix: str) -> Path:
    """Write the rows as the workbook that is imported."""
    register = catalogue.get("activities.activity")
    columns = [OutColumn(name, "date" if name == "held_on" else "text") for name in COLUMNS]
    with translation.override("zh-hans"):
        write_xlsx(path, [OutSheet(register.label_plural, columns, rows(world, count, prefix))])
    return path


def ours(world: World, path: Path) -> dict[str, float]:
    """Seconds of reading, planning and writing, as ``taizhang import`` does it."""
    register = catalogue.get("activities.activity")
    with translation.override("zh-hans"):
        with stopwatch() as reading:
            (sheet,) = read_sheets(path, path.name)
        with tqdm(total=2 * len(sheet.rows), desc="import", leave=False) as bar:
            with stopwatch() as planning:
                plan = plans.make(register, sheet, actor=world.recorder, progress=bar.update)
            assert plan.counts[plans.NEW] == len(sheet.rows), plan.counts
            with stopwatch() as writing:
                batch = carry.carry_out(
                    [plan], actor=world.recorder, source=path.name, progress=bar.update
                )
    assert batch.created == batch.entries.count() == len(sheet.rows)
    return {"read": reading[0], "plan": planning[0], "write": writing[0]}


def theirs(world: World, count: int, prefix: str) -> float:
    """Rows a second of django-import-export: preview, then import."""
    import tablib
    from import_export import fields, resources, widgets

    from taizhang.activities.models import Activity, Theme
    from taizhang.org.models import Unit

    from .world import NOW

    class ActivityResource(resources.ModelResource):  # type: ignore[misc]
        unit = fields.Field("unit", "unit", widgets.ForeignKeyWidget(Unit, "code"))
        themes = fields.Field("themes", "themes", widgets.ManyToManyWidget(Theme, "、", "code"))

        class Meta:
            model = Activity
            fields = COLUMNS
            import_id_fields = ("unit", "code")
            clean_model_instances = True
            use_transactions = True

        def init_instance(self, row: Any = None) -> Any:
            return Activity(created_at=NOW, changed_at=NOW)

    data = tablib.Dataset(*rows(world, count, prefix), headers=COLUMNS)
    resource = ActivityResource()
    with stopwatch() as spent:
        for dry in (True, False):
            result = resource.import_data(data, dry_run=dry, raise_errors=True)
            assert not result.has_validation_errors(), result.totals
            assert result.totals["new"] == count, result.totals
    assert Activity.objects.filter(code__startswith=prefix).count() == count
    return count / spent[0]


def measure(world: World, size: Size, folder: Path) -> list[Measure]:
    """Rows a second of both, theirs before and after ours and the faster of the two."""
    group = f"import of {size.imported:,} rows × {len(COLUMNS)} columns"
    path = workbook(folder / "import.xlsx", world, size.imported, "DR")
    before = theirs(world, size.compared, "IE1")
    spent = ours(world, path)
    after = theirs(world, size.compared, "IE2")
    rate = size.imported / sum(spent.values())
    other = max(before, after)
    return [
        Measure(
            group,
            "plan + commit",
            rate,
            "rows/s",
            note=", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()),
        ),
        Measure(
            group,
            "django-import-export",
            other,
            "rows/s",
            note=f"preview + import of {size.compared:,} rows, no history",
        ),
        Measure(group, "ratio", rate / other, "×", at_least=TIMES_FASTER),
    ]
