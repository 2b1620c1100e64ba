"""The addresses of every register: lists, records, forms, and what people keep for themselves."""

from django.urls import path

from . import (
    batch_views,
    bulk_views,
    column_views,
    draft_views,
    form_views,
    help_views,
    index_views,
    list_views,
    print_views,
    record_views,
    saved_views,
)

urlpatterns = [
    path("registers/", index_views.index, name="registers"),
    path("batches/", batch_views.show_batches, name="batches"),
    path("batches/<int:pk>/", batch_views.show_batch, name="batch"),
    path("batches/<int:pk>/undo/", batch_views.undo_batch, name="undo"),
    path("bin/", batch_views.show_bin, name="bin"),
    path("help/keys/", help_views.show_keys, name="keys"),
    path("<slug:app>/<slug:kind>/", list_views.show_list, name="list"),
    path("<slug:app>/<slug:kind>/tabs/", list_views.show_tabs, name="tabs"),
    path("<slug:app>/<slug:kind>/totals/", list_views.show_totals, name="totals"),
    path("<slug:app>/<slug:kind>/lookup/", index_views.lookup, name="lookup"),
    path("<slug:app>/<slug:kind>/<int:pk>/", record_views.show, name="record"),
    path("<slug:app>/<slug:kind>/<int:pk>/right/", record_views.confirm, name="right"),
    path("<slug:app>/<slug:kind>/add/", form_views.add, name="add"),
    path("<slug:app>/<slug:kind>/<int:pk>/edit/", form_views.edit, name="edit"),
    path("<slug:app>/<slug:kind>/<int:pk>/copy/", form_views.copy, name="copy"),
    path("<slug:app>/<slug:kind>/draft/", draft_views.keep, name="draft"),
    path("<slug:app>/<slug:kind>/draft/discard/", draft_views.discard, name="discard_draft"),
    path("<slug:app>/<slug:kind>/act/", bulk_views.act_on_many, name="act_on_many"),
    path("<slug:app>/<slug:kind>/act/refused/", bulk_views.show_refused, name="refused"),
    path("<slug:app>/<slug:kind>/act/refused.csv", bulk_views.refused_csv, name="refused_csv"),
    path("<slug:app>/<slug:kind>/print/", print_views.print_list, name="print_list"),
    path("<slug:app>/<slug:kind>/shown.xlsx", print_views.shown_xlsx, name="shown_xlsx"),
    path("<slug:app>/<slug:kind>/columns/", column_views.choose, name="columns"),
    path("<slug:app>/<slug:kind>/filters/", saved_views.show_filters, name="filters"),
    path("<slug:app>/<slug:kind>/filters/save/", saved_views.save, name="save_filter"),
    path("<slug:app>/<slug:kind>/filters/again/", saved_views.again, name="filter_again"),
    path("<slug:app>/<slug:kind>/filters/<int:pk>/", saved_views.change, name="change_filter"),
    path(
        "<slug:app>/<slug:kind>/filters/<int:pk>/home/", saved_views.open_with, name="home_filter"
    ),
    path(
        "<slug:app>/<slug:kind>/filters/<int:pk>/remove/", saved_views.remove, name="remove_filter"
    ),
    # Last, since it takes any word: submit, verify, void and whatever else is done to one record.
    path("<slug:app>/<slug:kind>/<int:pk>/<slug:action>/", record_views.act, name="act"),
]
