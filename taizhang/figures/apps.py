from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "taizhang.figures"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from taizhang.goto import destinations as goto
        from taizhang.ledger import catalogue

        from . import api_views, definitions, destinations  # noqa: F401  (registers the start-up check)
        from .aside import FiguresAside

        catalogue.asides.append(FiguresAside())
        goto.sources.append(destinations.of_the_figures)
        api_views.bring()
