"""Many times the activities: the generated ledger is copied within the database, titles varied.

A million rows made one by one would take longer than everything that is measured on them. Copies
share unit, day, state and words with their original, their titles and codes are their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from tqdm import tqdm

VILLAGES = (
    "东升", "西岭", "南湾", "北滩", "青泉", "白沙", "红石", "金川", "银河", "长胜", "高林", "平安", "双庆",
    "新立", "太和", "永丰", "福兴", "乌兰", "巴音", "哈日", "查干", "图布", "阿木", "萨仁", "曾家", "单庄",
    "仇集", "解放", "重阳", "乐群",
)  # fmt: skip
"""Halves of the names of places: a whole name stands in about one record of a thousand."""
RARE = 1009
"""One record in so many is of a kind of its own."""


def grow(times: int, *, quiet: bool = False) -> None:
    """Have ``times`` as many activities, with their words, tags, history and evidence."""
    from taizhang.activities.models import Activity

    total = Activity.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with tqdm(total=times - 1, desc="copies", leave=False, disable=quiet) as bar:
        for number in range(1, times):
            with connection.cursor() as cursor:
                for statement in _copies(number, total):
                    cursor.execute(statement)
            bar.update(1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("activities_activity", "ledger_entry", "evidence_evidence"):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )


def _copies(number: int, total: int) -> Iterator[str]:
    """The statements that make the ``number``-th copy of the first ``total`` activities."""
    shift = number * total
    names = "".join(VILLAGES)
    turn = f"CAST(1 + 2 * (({{}} + {number}) % {len(VILLAGES)}) AS integer)"
    village = f"substr('{names}', {turn}, 2)"
    place = f"{village.format('id * 7')} || {village.format(f'id / {len(VILLAGES)}')} || '村'"
    rare = f"CASE WHEN id % {RARE} = 0 THEN '观鸟节' ELSE '' END"
    changed = {
        "id": f"id + {shift}",
        "code": f"code || '-{number}'",
        "title": f"replace(title, '进', '走进' || {place}) || {rare}",
        "location": f"{place} || location",
    }
    yield _copy("activities_activity", changed, f"id <= {total}")
    tagged = {"id": "", "activity_id": f"activity_id + {shift}"}
    for table in ("activities_activity_themes", "activities_activity_audiences"):
        yield _copy(table, tagged, f"activity_id <= {total}")
    moved = {"id": "", "record_id": f"record_id + {shift}"}
    own = f"register = 'activities.activity' AND record_id <= {total}"
    yield _copy("ledger_entry", moved, own)
    yield _copy("evidence_evidence", moved, own)


def _copy(table: str, changed: dict[str, str], where: str) -> str:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    columns = [column.name for column in described if changed.get(column.name) != ""]
    values = ", ".join(changed.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}"
