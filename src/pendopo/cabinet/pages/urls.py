"""Addresses of the cabinet."""

from django.urls import path

from pendopo.cabinet.pages import after, before, clerk, deputies, minister, packs, projector, session

app_name = "cabinet"

LIVE = "cabinet/sessions/<uuid:session_id>/live/"

urlpatterns = [
    path("cabinet/", minister.home, name="home"),
    path("cabinet/sessions/<uuid:session_id>/agenda/", minister.agenda, name="agenda"),
    path("cabinet/sessions/<uuid:session_id>/pack/", packs.pack, name="pack"),
    path("cabinet/items/<uuid:item_id>/position/", minister.position, name="position"),
    path("cabinet/items/<uuid:item_id>/opinion/", minister.opinion, name="opinion"),
    path("cabinet/dossiers/<uuid:dossier_id>/", minister.dossier, name="dossier"),
    path("cabinet/papers/<uuid:document_id>/", packs.paper, name="paper"),
    path("cabinet/deputies/", deputies.deputies, name="deputies"),
    path("cabinet/deputies/<uuid:delegation_id>/revoke/", deputies.revoke, name="revoke"),
    path(LIVE, session.live, name="live"),
    path(LIVE + "ballot/", session.ballot, name="ballot"),
    path(LIVE + "ballot/options/", session.ballot_options, name="ballot-options"),
    path(LIVE + "ticket/", session.ticket, name="live-ticket"),
    path(LIVE + "clerk/", clerk.clerk, name="clerk"),
    path(LIVE + "chair/", clerk.chair, name="chair"),
    path(LIVE + "projector/", projector.projector, name="projector"),
    *before.patterns,
    *after.patterns,
]
