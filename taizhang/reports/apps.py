from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "taizhang.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from taizhang.figures import uses

        from . import catalogue

        uses.add_finder(catalogue.uses_of)
