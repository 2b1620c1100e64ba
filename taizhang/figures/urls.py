from django.urls import path, re_path

from . import own_views, views

CODE = r"(?P<code>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)"

urlpatterns = [
    path("figures/", views.index, name="figures"),
    path("figures/own/add/", own_views.add, name="own_figure_add"),
    re_path(rf"^figures/{CODE}/edit/$", own_views.edit, name="own_figure"),
    re_path(rf"^figures/{CODE}/retire/$", own_views.retire, name="own_figure_retire"),
    re_path(rf"^figures/{CODE}/$", views.show, name="figure"),
    re_path(rf"^figures/{CODE}/card/$", views.card, name="figure_card"),
]
