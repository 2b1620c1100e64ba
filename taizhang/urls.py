"""Every address of the product; the registers come last, their addresses are two words."""

from django.urls import include, path

urlpatterns = [
    path("", include("taizhang.reports.urls")),
    path("", include("taizhang.figures.urls")),
    path("", include("taizhang.accounts.urls")),
    path("", include("taizhang.evidence.urls")),
    path("", include("taizhang.ledger.urls")),
]
