from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosesConfig(AppConfig):
    name = "taizhang.closes"
    verbose_name = _("Closed periods")

    def ready(self) -> None:
        from taizhang.ledger import catalogue

        from .field import LateField
        from .sayings import ClosesAside, ClosesCaution

        catalogue.computed["late"] = LateField
        catalogue.asides.append(ClosesAside())
        catalogue.cautions.append(ClosesCaution())
