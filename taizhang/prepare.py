"""Making an installation ready to run: words compiled, tables migrated, static files gathered."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def compile_words(home: Path) -> None:
    """Compile the translations into the ledger's folder when they are older than their source."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in (PACKAGE / "locale").glob("*/LC_MESSAGES/django.po"):
        target = home / "locale" / source.relative_to(PACKAGE / "locale").with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        from taizhang.documents.files import atomic_target

        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_target(target) as out:
            write_mo(out, catalogue)


def django() -> None:
    """Load Django with compiled words; every command that needs the ledger begins here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.settings")
    home = Path(os.environ.get("TAIZHANG_HOME") or "data").resolve()
    home.mkdir(parents=True, exist_ok=True)
    compile_words(home)
    import django as framework

    framework.setup()


def ledger() -> None:
    """Bring the database's tables and the static files up to date."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    index_words()
    if connection.vendor == "sqlite":
        # PostgreSQL keeps its own statistics; SQLite plans blindly until it is told to look.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


def index_words() -> None:
    """Index the words of every register that is not indexed, or not as this version does it."""
    from tqdm import tqdm

    from taizhang.ledger import catalogue, searching
    from taizhang.search import index

    for register in catalogue.registers():
        if not searching.is_built(register):
            total = register.model._default_manager.count()
            with tqdm(total=total, desc=register.name, unit="", leave=False, delay=0.5) as bar:
                for done in searching.rebuild(register):
                    bar.update(done)
    with tqdm(total=index.waiting(), desc="words", unit="", leave=False, delay=0.5) as bar:
        while done := index.settle(2000):
            bar.update(done)
