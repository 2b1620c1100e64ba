"""Every address of the product; the registers come last, their addresses are two words."""

from django.urls import include, path

urlpatterns = [
    path("", include("taizhang.tokens.urls")),
    path("", include("taizhang.outlines.urls")),
    path("", include("taizhang.reports.urls")),
    path("", include("taizhang.submissions.urls")),
    path("", include("taizhang.checks.urls")),
    path("", include("taizhang.figures.urls")),
    path("", include("taizhang.seals.urls")),
    path("", include("taizhang.closes.urls")),
    path("", include("taizhang.accounts.urls")),
    path("", include("taizhang.goto.urls")),
    path("", include("taizhang.jobs.urls")),
    path("", include("taizhang.evidence.urls")),
    path("", include("taizhang.watch.urls")),
    path("", include("taizhang.exchange.urls")),
    path("", include("taizhang.desk.urls")),
]
