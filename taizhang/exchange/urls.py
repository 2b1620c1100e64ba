"""The addresses of files in and out; the format of a list is a suffix of its address."""

from django.urls import path

from . import export_views, import_views, plan_views

urlpatterns = [
    path("import/", import_views.upload, name="import_all"),
    path("import/template.xlsx", import_views.template, name="template_all"),
    path("import/<int:pk>/", plan_views.confirm, name="plan_all"),
    path("import/<int:pk>/returned.xlsx", plan_views.bring_back, name="returned_all"),
    path("<slug:app>/<slug:kind>.<slug:format>", export_views.export, name="export"),
    path("<slug:app>/<slug:kind>/import/", import_views.upload, name="import"),
    path("<slug:app>/<slug:kind>/import/template.xlsx", import_views.template, name="template"),
    path("<slug:app>/<slug:kind>/import/<int:pk>/", plan_views.confirm, name="plan"),
    path(
        "<slug:app>/<slug:kind>/import/<int:pk>/returned.xlsx",
        plan_views.bring_back,
        name="returned",
    ),
]
