"""The addresses of every register; the format of a list is a suffix of its address."""

from django.urls import path

from . import import_views, list_views, record_views, views

urlpatterns = [
    path("registers/", views.index, name="registers"),
    path("<slug:app>/<slug:kind>.<slug:format>", list_views.export, name="export"),
    path("<slug:app>/<slug:kind>/", list_views.show_list, name="list"),
    path("<slug:app>/<slug:kind>/add/", record_views.add, name="add"),
    path("<slug:app>/<slug:kind>/act/", list_views.act_on_many, name="act_on_many"),
    path("<slug:app>/<slug:kind>/lookup/", views.lookup, name="lookup"),
    path("<slug:app>/<slug:kind>/import/", import_views.upload, name="import"),
    path("<slug:app>/<slug:kind>/import/<int:pk>/", import_views.confirm, name="plan"),
    path("<slug:app>/<slug:kind>/<int:pk>/", record_views.show, name="record"),
    path("<slug:app>/<slug:kind>/<int:pk>/edit/", record_views.edit, name="edit"),
    path("<slug:app>/<slug:kind>/<int:pk>/<slug:action>/", record_views.act, name="act"),
]
