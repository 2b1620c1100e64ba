from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "taizhang.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from taizhang.jobs import sweep
        from taizhang.ledger import catalogue

        from . import drafts, unsaved

        catalogue.asides.append(unsaved.UnsavedAside())
        sweep.others.append(drafts.sweep)
