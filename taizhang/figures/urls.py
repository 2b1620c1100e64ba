from django.urls import path, re_path

from . import views

CODE = r"(?P<code>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)"

urlpatterns = [
    path("figures/", views.index, name="figures"),
    re_path(rf"^figures/{CODE}/$", views.show, name="figure"),
    re_path(rf"^figures/{CODE}/card/$", views.card, name="figure_card"),
]
