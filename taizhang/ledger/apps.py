from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "taizhang.ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        autodiscover_modules("registers")
        from taizhang.jobs import sweep

        from . import checks, undo  # noqa: F401  (the checks register themselves)

        sweep.others.append(undo.forget)
