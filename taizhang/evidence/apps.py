from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "taizhang.evidence"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from taizhang.ledger import catalogue

        from .panel import EvidencePanel
        from .proof import ProofField

        catalogue.panels["evidence"] = EvidencePanel()
        catalogue.computed["proof"] = ProofField
