"""Work with proofs that takes longer than a request."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.queries import parse
from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import access, catalogue
from taizhang.ledger.access import Verb

from . import pack

FAULTY_TOLD = 20


@task("evidence.pack")
def build_pack(run: Run, payload: dict[str, Any]) -> Outcome:
    """The evidence pack of a list: ``register`` and ``query``, as far as the actor sees it now."""
    register = catalogue.get(payload["register"])
    asked = parse(payload["query"])
    if not access.of(run.actor).may(Verb.EXPORT, register):
        raise Refused.because("access.role-too-low", register.label)
    planned = pack.extent(register, asked, run.actor)
    if refusal := planned.refusal(register.label_plural):
        raise refusal
    run.total(planned.files)
    name = _("{register} evidence {day}.zip").format(
        register=register.label_plural, day=timezone.localdate().isoformat()
    )
    made = pack.write_pack(register, asked, run.actor, run.output(name), run.step)
    return Outcome(
        result={"records": made.records, "files": made.files},
        findings=[
            Finding("evidence.pack-file-faulty", "look", where or register.label_plural)
            for where in made.faulty[:FAULTY_TOLD]
        ],
    )
