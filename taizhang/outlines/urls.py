from django.urls import path

from . import meeting_views, readback_views, search_views, version_views, views

EDIT = "reports/<slug:code>/edit/"
BLOCK = f"{EDIT}blocks/<slug:key>/"
BACK = "reports/<slug:code>/readback/"

urlpatterns = [
    path(EDIT, views.edit, name="outline"),
    path(BLOCK, views.block, name="outline_block"),
    path(f"{BLOCK}add/", views.add, name="outline_add"),
    path(f"{BLOCK}move/", views.move, name="outline_move"),
    path(f"{BLOCK}remove/", views.remove, name="outline_remove"),
    path(f"{BLOCK}before/", views.before, name="outline_before"),
    path(f"{BLOCK}comment/", meeting_views.comment_form, name="outline_comment_form"),
    path(f"{BLOCK}comment/say/", meeting_views.comment, name="outline_comment"),
    path(f"{EDIT}comments/<int:pk>/", meeting_views.settle, name="outline_settle"),
    path(f"{EDIT}changes/", meeting_views.changes, name="outline_changes"),
    path(f"{EDIT}figures/", search_views.figures, name="outline_figures"),
    path(f"{EDIT}undo/", views.undo, name="outline_undo"),
    path(f"{EDIT}versions/", version_views.versions, name="outline_versions"),
    path(f"{EDIT}versions/<int:version>/restore/", version_views.restore, name="outline_restore"),
    path(f"{EDIT}files/", version_views.files, name="outline_files"),
    path(f"{EDIT}copy/", version_views.copy, name="outline_copy"),
    path(f"{EDIT}import/", version_views.take_in, name="outline_import"),
    path(BACK, readback_views.upload, name="readback"),
    path(f"{BACK}<slug:token>/", readback_views.show, name="read_back"),
    path(f"{BACK}<slug:token>/accept/<slug:key>/", readback_views.accept, name="readback_accept"),
    path(f"{BACK}<slug:token>/ask/<slug:figure>/", readback_views.ask, name="readback_ask"),
    path(f"{EDIT}outline.toml", version_views.export, name="outline_export"),
]
