from django.urls import path

from . import file_views, settings_views, views

ONE = "submissions/<int:pk>/"

urlpatterns = [
    path("submissions/", views.index, name="submissions"),
    path("submissions/submit/<slug:code>/", views.submit, name="submission_submit"),
    path(ONE, views.show, name="submission"),
    path(f"{ONE}review/", views.review, name="submission_review"),
    path(f"{ONE}return/", views.send_back, name="submission_return"),
    path(f"{ONE}withdraw/", views.withdraw, name="submission_withdraw"),
    path(f"{ONE}remark/", views.remark, name="submission_remark"),
    path(f"{ONE}sign/", views.sign, name="submission_sign"),
    path(f"{ONE}countersign/", views.countersign, name="submission_countersign"),
    path(f"{ONE}drift/", views.drifted, name="submission_drift"),
    path(f"{ONE}report.<slug:kind>", file_views.report, name="submission_file"),
    path(f"{ONE}pack/", file_views.pack, name="submission_pack"),
    path(f"{ONE}proof/<str:register>/<int:number>/", file_views.proof, name="submission_proof"),
    path("submissions/tile/", views.tile, name="submissions_tile"),
    path("settings/submissions/", settings_views.practice, name="submission_settings"),
]
