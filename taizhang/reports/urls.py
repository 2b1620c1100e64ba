from django.urls import path

from . import views

urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("workbench/charts/", views.workbench_charts, name="workbench_charts"),
    path("workbench/strength/", views.workbench_strength, name="workbench_strength"),
    path("reports/", views.index, name="reports"),
    path("reports/<slug:code>/", views.show, name="report"),
    path("reports/<slug:code>/tile/", views.tile, name="report_tile"),
    path("reports/<slug:code>.<slug:kind>", views.download, name="report_file"),
    path("switch/", views.switch, name="switch"),
    path("tour/<int:number>/", views.tour_step, name="tour"),
    path("tour/stop/", views.tour_stop, name="tour_stop"),
    path("health/", views.health, name="health"),
]
