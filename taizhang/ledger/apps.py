from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "taizhang.ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        autodiscover_modules("registers")
        from . import checks  # noqa: F401  (registers the start-up checks)
