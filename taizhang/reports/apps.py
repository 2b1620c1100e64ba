from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "taizhang.reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from taizhang.goto import destinations as goto

        from . import destinations

        goto.sources.append(destinations.of_the_reports)
