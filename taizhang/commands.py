"""What the commands do, once Django is loaded."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from taizhang import prepare
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.verifier import offline
from taizhang.wording import say


def run(asked: argparse.Namespace) -> int:
    """Run the command that was asked for and return its exit code."""
    if asked.command in {"serve", "demo"}:
        return _COMMANDS[asked.command](asked)
    prepare.django()
    from django.db import DatabaseError
    from django.utils import translation

    try:
        with translation.override("zh-hans" if asked.language == "zh" else "en"):
            return _COMMANDS[asked.command](asked)
    except DatabaseError as error:
        raise Refused.because("command.database", reason=str(error).strip()) from error


def _figures(asked: argparse.Namespace) -> int:
    from taizhang.figures.facts import facts
    from taizhang.figures.listing import fact_table

    found = facts(asked.codes or None, asked.unit, Period.parse(asked.period))
    if asked.json:
        rows = [fact.as_json(asked.language) for fact in found.values()]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(fact_table(found.values(), asked.language))
    return 0


def _report(asked: argparse.Namespace) -> int:
    from taizhang.org.models import Unit
    from taizhang.outlines import catalogue, compile, files

    target = Path(asked.output)
    kind = target.suffix.lstrip(".").lower()
    if kind not in files.KINDS:
        raise Refused.because("report.unknown-kind", asked.output, kinds="、".join(files.KINDS))
    unit = Unit.objects.filter(code=asked.unit).first()
    if unit is None:
        raise Refused.because("query.unknown-unit", asked.unit, code=asked.unit)
    made = compile.report(catalogue.get(asked.outline), unit, Period.parse(asked.period))
    said = files.write(files.printed(made), kind, target)
    for finding in (*made.compiled.findings, *said):
        print(f"{finding.where}: {say(finding, asked.language)}", file=sys.stderr)
    print(target)
    return 0


def _import(asked: argparse.Namespace) -> int:
    from taizhang.exchange import plans, terminal
    from taizhang.figures.scope import visible_unit
    from taizhang.ledger import catalogue

    path = Path(asked.file)
    register = catalogue.get(asked.register) if asked.register else None
    actor = _actor(asked.actor)
    unit = None
    if asked.unit:
        unit = visible_unit(actor, asked.unit)
        if unit is None:
            raise Refused.because("query.unknown-unit", asked.unit, code=asked.unit)
    made = terminal.plan(path, register, actor=actor, unit=unit, language=asked.language, bar=bar)
    if invalid := made.counts[plans.INVALID]:
        if asked.returned:
            terminal.bring_back(path, made, Path(asked.returned), actor)
        raise Refused.because("import.invalid-rows", path.name, count=invalid)
    if not made.counts[plans.NEW] + made.counts[plans.CHANGED]:
        return 0
    if not asked.yes and not _agreed(asked.language):
        raise Refused.because("import.not-confirmed", path.name)
    terminal.write(made, path.name, actor=actor, reason=asked.reason, submit=asked.submit, bar=bar)
    return 0


def _template(asked: argparse.Namespace) -> int:
    from taizhang.exchange import terminal

    terminal.template(asked.registers, Path(asked.output), _actor(asked.actor))
    return 0


def _agreed(language: str) -> bool:
    question = {"zh": "写入台账？(y/N) ", "en": "Write this to the ledger? (y/N) "}[language]
    return sys.stdin.isatty() and input(question).strip().lower() in {"y", "yes", "是"}


def _actor(name: str | None) -> Any:
    """The account a command runs in the name of: named, or the only one that may record."""
    from taizhang.accounts.models import User

    users = User.objects.filter(is_active=True)
    if name:
        found = users.filter(username=name).first()
        if found is None:
            names = "、".join(users.values_list("username", flat=True)[:20])
            raise Refused.because("command.unknown-user", name, name=name, names=names or "–")
        return found
    recorders = list(
        users.filter(memberships__role__in=["recorder", "verifier", "manager"]).distinct()[:2]
    )
    if len(recorders) != 1:
        raise Refused.because("command.which-user")
    return recorders[0]


class bar:
    """A progress bar on stderr that shows nothing for short work."""

    def __init__(self, title: str, total: int) -> None:
        self.title, self.total = title, total

    def __enter__(self) -> Callable[[int], None]:
        self._bar = tqdm(
            total=self.total, desc=self.title, unit="", leave=False, delay=0.5, file=sys.stderr
        )

        def tick(done: int) -> None:
            self._bar.update(done)

        return tick

    def __exit__(self, *error: object) -> None:
        self._bar.close()


def _export(asked: argparse.Namespace) -> int:
    from taizhang.exchange.export import export
    from taizhang.ledger import catalogue, query

    register = catalogue.get(asked.register)
    target = Path(asked.output)
    rows = query.ordered(register, query.rows(register, asked.query), None)
    with bar(target.name, query.count(rows)) as tick:
        export(register, rows, target.suffix.lstrip(".").lower(), target, tick)
    print(target)
    return 0


def _setup(asked: argparse.Namespace) -> int:
    prepare.ledger()
    from taizhang.accounts.models import User
    from taizhang.org.actions import found_office

    if User.objects.filter(username=asked.user).exists():
        raise Refused.because("command.user-exists", asked.user, name=asked.user)
    user = User(username=asked.user, display_name=asked.user)
    user.set_password(_new_password(user))
    user.save()
    found_office(code=asked.code, name=asked.name, short_name="", kind=asked.kind, manager=user)
    print(f"{asked.name} ({asked.code}) ← {asked.user}")
    return 0


def _user(asked: argparse.Namespace) -> int:
    from taizhang.accounts.models import Membership, User
    from taizhang.org.models import Unit

    unit = Unit.objects.filter(code=asked.unit).first()
    if unit is None:
        raise Refused.because("query.unknown-unit", asked.unit, code=asked.unit)
    user = User.objects.filter(username=asked.name).first()
    if user is None:
        user = User(username=asked.name, display_name=asked.display_name or asked.name)
        user.set_password(_new_password(user))
        user.save()
    Membership.objects.update_or_create(user=user, unit=unit, defaults={"role": asked.role})
    print(f"{user} · {unit} · {asked.role}")
    return 0


def _new_password(user: Any) -> str:
    """Ask twice on the terminal; without one, read a line from standard input."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if sys.stdin.isatty():
        first = getpass.getpass("密码 password: ")
        if first != getpass.getpass("再输一次 again: "):
            raise Refused.because("command.passwords-differ")
    else:
        first = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(first, user)
    except ValidationError as error:
        raise Refused.because("command.weak-password", reason=" ".join(error.messages)) from error
    return first


def _upgrade(asked: argparse.Namespace) -> int:
    prepare.ledger()
    from taizhang.evidence import store

    store.sweep_left_over()
    return 0


def _verify(asked: argparse.Namespace) -> int:
    from taizhang.seals import history, keys

    if asked.file is not None:
        return offline.verify(asked, keys.known_keys() or None, asked.language)
    with bar("verify", history.sealed_entries()) as step:
        found = history.check(step)
    offline.show(found or [history.whole()], asked.language)
    return 1 if any(finding.severity == "must" for finding in found) else 0


def _serve(asked: argparse.Namespace) -> int:
    _answer_to_the_network(asked)
    prepare.django()
    prepare.ledger()
    return _serve_pages(asked)


def _serve_pages(asked: argparse.Namespace) -> int:
    from taizhang.serve import serve

    jobs = not asked.no_worker
    return serve(asked.host, asked.port, asked.workers, lan=asked.lan, jobs=jobs)


def _work(asked: argparse.Namespace) -> int:
    from taizhang.jobs.worker import work

    return work(once=asked.once, parent=asked.parent)


def _answer_to_the_network(asked: argparse.Namespace) -> None:
    """``--lan`` also means to answer by whatever name the others know this machine."""
    if asked.lan:
        os.environ.setdefault("TAIZHANG_HOSTS", "*")


def _demo(asked: argparse.Namespace) -> int:
    os.environ.setdefault("TAIZHANG_DEMO", "1")
    _answer_to_the_network(asked)
    prepare.django()
    prepare.ledger()
    from django.utils import translation

    from taizhang.demo import load, output

    with translation.override("zh-hans"):
        load.load(progress=bar)
        output.write(Path(asked.output), progress=bar)
    if asked.no_serve:
        return 0
    load.print_accounts(asked.host, asked.port)
    return _serve_pages(asked)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "figures": _figures,
    "report": _report,
    "import": _import,
    "template": _template,
    "export": _export,
    "setup": _setup,
    "user": _user,
    "upgrade": _upgrade,
    "verify": _verify,
    "serve": _serve,
    "work": _work,
    "demo": _demo,
}
