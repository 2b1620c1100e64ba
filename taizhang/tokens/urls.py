"""The addresses of the API and of the pages about it."""

from django.urls import include, path, re_path

from . import about_views, api_views, endpoints, plan_views, proof_views, views
from .api_views import door

api = [
    path("", about_views.page, name="api_page"),
    path("openapi.json", door(GET=about_views.openapi_document), name="openapi"),
    path("me/", door(GET=api_views.me), name="api_me"),
    path("registers/", door(GET=api_views.registers), name="api_registers"),
    path("jobs/<int:pk>/", door(GET=plan_views.job), name="api_job"),
    path("terms/", door(GET=api_views.controlled_lists), name="api_lists"),
    re_path(
        r"^terms/(?P<app>[a-z_]+)\.(?P<kind>[a-z_]+)/$",
        door(GET=api_views.terms),
        name="api_terms",
    ),
    *(
        re_path(f"^{known.route}$", door(**known.views), name=known.name)
        for known in endpoints.every()
    ),
    path("<slug:app>/<slug:kind>/", door(GET=api_views.rows), name="api_rows"),
    path("<slug:app>/<slug:kind>/<int:pk>/", door(GET=api_views.record), name="api_record"),
    path(
        "<slug:app>/<slug:kind>/<int:pk>/history/",
        door(GET=api_views.history),
        name="api_history",
    ),
    path(
        "<slug:app>/<slug:kind>/<int:pk>/evidence/",
        door(GET=proof_views.proofs, POST=proof_views.attach),
        name="api_proofs",
    ),
    path(
        "<slug:app>/<slug:kind>/<int:pk>/evidence/<int:proof>/",
        door(GET=proof_views.file),
        name="api_proof",
    ),
    path("<slug:app>/<slug:kind>/plans/", door(POST=plan_views.make), name="api_plans"),
    path(
        "<slug:app>/<slug:kind>/plans/<int:pk>/",
        door(GET=plan_views.show, DELETE=plan_views.drop),
        name="api_plan",
    ),
    path(
        "<slug:app>/<slug:kind>/plans/<int:pk>/confirm/",
        door(POST=plan_views.confirm),
        name="api_confirm",
    ),
]

urlpatterns = [
    path("settings/tokens/", views.index, name="tokens"),
    path("settings/tokens/add/", views.add, name="token_add"),
    path("settings/tokens/<int:pk>/revoke/", views.revoke, name="token_revoke"),
    path("api/v1/", include(api)),
    re_path(r"^api/", api_views.not_there),
]
