"""Loading the demo years through the same import that users use.

A recorder imports and submits, a second account verifies in bulk; no state is set by hand.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from taizhang.accounts.models import Membership, User
from taizhang.documents.sheets import Sheet
from taizhang.documents.workbooks import read_sheets
from taizhang.evidence import actions as evidence
from taizhang.evidence import store
from taizhang.evidence.models import Evidence
from taizhang.exchange import carry, plans
from taizhang.ledger import access, catalogue, relations, states
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.org.actions import found_office

from . import pictures
from .generated import GENERATED

FOLDER = Path(__file__).parent
ACCOUNTS = (
    ("suhe", "苏禾", "recorder"),
    ("linzhiyuan", "林知远", "verifier"),
    ("luoqiming", "罗启明", "manager"),
)
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


def is_loaded() -> bool:
    """Whether this ledger holds the demo."""
    return User.objects.exclude(demo_role="").exists()


def load(progress: Progress) -> None:
    """Load the demo years into an empty ledger, all or nothing; does nothing when they are there."""
    if is_loaded():
        return
    manifest = tomllib.loads((FOLDER / "years" / "manifest.toml").read_text("utf-8"))
    proofs = tomllib.loads((FOLDER / "evidence.toml").read_text("utf-8"))
    with transaction.atomic():
        people = _accounts()
        for entry in manifest["files"]:
            register = catalogue.get(entry["register"])
            _load_file(register, entry, people, proofs, progress)


def _accounts() -> dict[str, User]:
    """The office and the three accounts of the demo; their passwords cannot be used."""
    people = {}
    for username, name, role in ACCOUNTS:
        user = User(username=username, display_name=name, demo_role=role, language="zh-hans")
        user.set_unusable_password()
        user.save()
        people[role] = user
    unit = found_office(
        code="banner",
        name="示范旗科学技术协会",
        short_name="示范旗科协",
        kind="association",
        manager=people["manager"],
    )
    for role in ("recorder", "verifier"):
        Membership.objects.create(user=people[role], unit=unit, role=role)
    return people


def _load_file(
    register: Register,
    entry: dict[str, Any],
    people: dict[str, User],
    proofs: dict[str, Any],
    progress: Progress,
) -> None:
    path = FOLDER / "years" / entry["file"]
    author = people["manager" if register.manager_only else "recorder"]
    (sheet,) = _sheets(entry, path)
    unit = access.default_unit(author)
    with progress(path.stem, len(sheet.rows) * 3) as tick:
        plan = plans.make(register, sheet, actor=author, unit=unit, progress=tick)
        batch = carry.carry_out([plan], actor=author, source=path.name, progress=tick)
        keys = batch.entries.filter(register=register.name).values_list("record_id", flat=True)
        records = list(register.queryset().filter(pk__in=list(keys)))
        drafts = set(entry.get("draft", ()))
        kept = set(entry.get("except", ()))
        submitted = [record for record in records if _code(record) not in drafts]
        _act(register, submitted, "submit", author, batch)
        for record in sorted(records, key=_code):
            _prove(register, record, proofs, author)
        verified = [record for record in submitted if _code(record) not in kept]
        _act(register, verified, "verify", people["verifier"], None)
        for code, reason in entry.get("returned", {}).items():
            back = [record for record in records if _code(record) == code]
            states.act(
                register, back, states.ACTIONS["return"], actor=people["verifier"], reason=reason
            )
        tick(len(records))


def _sheets(entry: dict[str, Any], path: Path) -> list[Sheet]:
    """The sheets of a file of the demo: one in the folder, or one that is generated each time."""
    if not (name := entry.get("generated")):
        return read_sheets(path, path.name)
    with TemporaryDirectory() as folder:
        written = Path(folder) / path.name
        written.write_text(GENERATED[name](), "utf-8")
        return read_sheets(written, path.name)


def _code(record: Record) -> str:
    return str(getattr(record, "code", ""))


def _act(register: Register, records: list[Record], name: str, actor: User, batch: Any) -> None:
    result = states.act(register, records, states.ACTIONS[name], actor=actor, batch=batch)
    if result.refused:
        raise RuntimeError(f"{register.name}: {result.refused[0]}")


def _prove(register: Register, record: Record, proofs: dict[str, Any], actor: User) -> None:
    """Attach the generated stand-ins for photos, sheets and papers that the demo names."""
    for number, proof in enumerate(
        proofs.get(register.name, {}).get(register.key_text(record), ())
    ):
        title = register.title_of(record)
        day: date = attrgetter(register.dated)(record)
        place = getattr(record, "location", "") or str(getattr(record, "unit", ""))
        seed = int(record.pk) * 7 + number
        if used := proof.get("used_at"):
            content = _used_at(register, used, f"{proof['name']}.jpg")
        elif proof["kind"] == "photo":
            content = pictures.draw(title, day.isoformat(), place, proof["scene"], seed)
        else:
            content = pictures.draw_sheet(title, day.isoformat(), place, proof["kind"], seed)
        name = f"{proof['name']}.jpg"
        evidence.attach(
            register,
            record,
            actor=actor,
            content=io.BytesIO(content).getvalue(),
            name=name,
            kind=proof["kind"],
            taken_on=day,
        )


def _used_at(register: Register, key: str, name: str) -> bytes:
    """A picture of another record: what the demo shows as attached where it does not belong."""
    record = register.queryset().get(relations.key_condition(register, "", key))
    proof = Evidence.objects.get(register=register.name, record_id=record.pk, name=name)
    return store.blob_path(proof.blob.sha256).read_bytes()


def print_accounts(host: str, port: int) -> None:
    """Tell where the demo is and who may open it."""
    roles = {"recorder": "填报员", "verifier": "核实人", "manager": "主管"}
    print(f"\n演示地址 http://{host}:{port}/  （登录页一键进入，无需密码）")
    for username, name, role in ACCOUNTS:
        print(f"  {name}  {roles[role]}  {username}")
    print(flush=True)
