from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "taizhang.evidence"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from taizhang.jobs import sweep
        from taizhang.ledger import catalogue

        from . import store
        from .models import Evidence
        from .panel import EvidencePanel
        from .proof import LacksField, ProofField

        catalogue.panels["evidence"] = EvidencePanel()
        catalogue.computed["proof"] = ProofField
        catalogue.computed["lacks"] = LacksField
        sweep.others.append(store.sweep)
        catalogue.proof_kinds.update(dict(Evidence.Kind.choices))
