from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "taizhang.activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        from taizhang.ledger import catalogue

        from .stops import StopsAside

        catalogue.asides.append(StopsAside())
