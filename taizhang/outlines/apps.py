from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutlinesConfig(AppConfig):
    name = "taizhang.outlines"
    verbose_name = _("Outlines")

    def ready(self) -> None:
        from taizhang.figures import uses

        from . import catalogue

        uses.add_finder(catalogue.uses_of)
        uses.add_holder(catalogue.holding)
