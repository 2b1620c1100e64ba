from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GotoConfig(AppConfig):
    name = "taizhang.goto"
    label = "goto"
    verbose_name = _("Go anywhere")
