"""What every route that is not public shows: the table that the tests of foreign callers run over.

A route that is missing here fails ``test_every_route_says_what_it_shows``; whoever adds a list adds a line,
and with the line the tests. ``ROWS`` routes show rows of somebody and take no identifier; ``ONE`` routes name
one thing in the address; ``NONE`` routes show the caller's own form and hold no rows; ``BEARER`` routes are
for programs with a token of their own.
"""

from dataclasses import dataclass
from enum import StrEnum


class Shows(StrEnum):
    """What a route shows."""

    ROWS = "rows"
    ONE = "one"
    NONE = "none"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Route:
    """One line: the route as in ``routes.txt``, and what it shows."""

    path: str
    shows: Shows


_TABLE = """
/apply/<slug:agency>/<slug:code>/                                     rows
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/                     one
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/discard/             one
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/p/<str:key>/         one
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/registers/           one
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/waiting/             one
/apply/<slug:agency>/<slug:code>/<uuid:draft_id>/wrong/<str:path>/    one
/cabinet/                                                             rows
/cabinet/calendar/                                                    rows
/cabinet/deputies/                                                    rows
/cabinet/deputies/<uuid:delegation_id>/revoke/                        one
/cabinet/dossiers/                                                    rows
/cabinet/dossiers/<uuid:dossier_id>/                                  one
/cabinet/dossiers/<uuid:dossier_id>/close/                            one
/cabinet/dossiers/<uuid:dossier_id>/coordination/                     one
/cabinet/dossiers/<uuid:dossier_id>/coordination/ask/                 one
/cabinet/dossiers/<uuid:dossier_id>/coordination/close/               one
/cabinet/dossiers/<uuid:dossier_id>/coordination/points/<uuid:difference_id>/answer/  one
/cabinet/dossiers/<uuid:dossier_id>/coordination/points/<uuid:difference_id>/settle/  one
/cabinet/dossiers/<uuid:dossier_id>/edit/                             one
/cabinet/dossiers/<uuid:dossier_id>/history/                          one
/cabinet/dossiers/<uuid:dossier_id>/papers/                           one
/cabinet/dossiers/<uuid:dossier_id>/papers/<uuid:paper_id>/remove/    one
/cabinet/dossiers/<uuid:dossier_id>/papers/<uuid:paper_id>/replace/   one
/cabinet/dossiers/<uuid:dossier_id>/return/                           one
/cabinet/dossiers/<uuid:dossier_id>/submit/                           one
/cabinet/dossiers/<uuid:dossier_id>/withdraw/                         one
/cabinet/dossiers/<uuid:dossier_id>/work/                             one
/cabinet/dossiers/new/                                                rows
/cabinet/follow-up/                                                   rows
/cabinet/items/<uuid:item_id>/decision/                               one
/cabinet/items/<uuid:item_id>/decision/act.xml                        one
/cabinet/items/<uuid:item_id>/decision/direct/                        one
/cabinet/items/<uuid:item_id>/decision/publish/                       one
/cabinet/items/<uuid:item_id>/opinion/                                one
/cabinet/items/<uuid:item_id>/position/                               one
/cabinet/items/<uuid:item_id>/votes/<uuid:poll_id>/                   one
/cabinet/items/<uuid:item_id>/votes/<uuid:poll_id>/recount.json       one
/cabinet/measure/                                                     rows
/cabinet/outlook/                                                     rows
/cabinet/papers/<uuid:document_id>/                                   one
/cabinet/register/                                                    rows
/cabinet/requests/<uuid:request_id>/                                  one
/cabinet/sessions/                                                    rows
/cabinet/sessions/<uuid:session_id>/agenda/                           one
/cabinet/sessions/<uuid:session_id>/export/<slug:form>/               one
/cabinet/sessions/<uuid:session_id>/live/                             one
/cabinet/sessions/<uuid:session_id>/live/ballot/                      one
/cabinet/sessions/<uuid:session_id>/live/ballot/options/              one
/cabinet/sessions/<uuid:session_id>/live/chair/                       one
/cabinet/sessions/<uuid:session_id>/live/clerk/                       one
/cabinet/sessions/<uuid:session_id>/live/projector/                   one
/cabinet/sessions/<uuid:session_id>/live/ticket/                      one
/cabinet/sessions/<uuid:session_id>/minutes/                          one
/cabinet/sessions/<uuid:session_id>/minutes/approve/                  one
/cabinet/sessions/<uuid:session_id>/minutes/revise/                   one
/cabinet/sessions/<uuid:session_id>/minutes/risalah.pdf               one
/cabinet/sessions/<uuid:session_id>/minutes/sign/                     one
/cabinet/sessions/<uuid:session_id>/pack/                             one
/cabinet/sessions/<uuid:session_id>/plan/                             one
/cabinet/sessions/<uuid:session_id>/plan/edit/                        one
/cabinet/sessions/<uuid:session_id>/plan/reopen/                      one
/cabinet/sessions/<uuid:session_id>/versions/                         one
/cabinet/sessions/new/                                                rows
/cabinet/simulation/                                                  rows
/cabinet/tasks/<uuid:task_id>/                                        one
/cabinet/tasks/<uuid:task_id>/close/                                  one
/counter/activation/                                                  rows
/counter/activation/<uuid:visit_id>/                                  one
/desk/                                                                rows
/desk/cases/<uuid:case_id>/                                           one
/desk/cases/<uuid:case_id>/approve/                                   one
/desk/cases/<uuid:case_id>/correct/<int:child>/                       one
/desk/cases/<uuid:case_id>/corrections/<uuid:correction_id>/approve/  one
/desk/cases/<uuid:case_id>/corrections/<uuid:correction_id>/refuse/   one
/desk/cases/<uuid:case_id>/files/<uuid:evidence_id>/                  one
/desk/cases/<uuid:case_id>/refuse/                                    one
/desk/cases/<uuid:case_id>/retry/                                     one
/desk/cases/<uuid:case_id>/return/                                    one
/desk/cases/<uuid:case_id>/take/                                      one
/desk/documents/<uuid:document_id>/revoke/                            one
/desk/maturity/                                                       rows
/desk/maturity/assessments/<uuid:assessment_id>/                      one
/desk/maturity/assessments/<uuid:assessment_id>/compare/              one
/desk/maturity/assessments/<uuid:assessment_id>/dashboard/            one
/desk/maturity/assessments/<uuid:assessment_id>/dashboard/plan/       one
/desk/maturity/assessments/<uuid:assessment_id>/dashboard/report.pdf  one
/desk/maturity/assessments/<uuid:assessment_id>/dashboard/report.xlsx one
/desk/maturity/assessments/<uuid:assessment_id>/give/                 one
/desk/maturity/assessments/<uuid:assessment_id>/read/                 one
/desk/maturity/cycles/<uuid:cycle_id>/                                one
/desk/maturity/cycles/<uuid:cycle_id>/ask-to-close/                   one
/desk/maturity/cycles/<uuid:cycle_id>/close/                          one
/desk/maturity/cycles/<uuid:cycle_id>/move/                           one
/desk/maturity/cycles/<uuid:cycle_id>/take-back/                      one
/desk/maturity/cycles/new/                                            none
/desk/maturity/evidence/<uuid:piece_id>/file/                         one
/desk/maturity/evidence/<uuid:piece_id>/read/                         one
/desk/maturity/evidence/<uuid:piece_id>/remove/                       one
/desk/maturity/indicators/<uuid:item_id>/                             one
/desk/maturity/indicators/<uuid:item_id>/answer/                      one
/desk/maturity/indicators/<uuid:item_id>/evidence/                    one
/desk/maturity/indicators/<uuid:item_id>/read/                        one
/desk/maturity/indicators/<uuid:item_id>/remark/                      one
/desk/search/                                                         rows
/id/token                                                             bearer
/id/userinfo                                                          bearer
/maturity/imports/                                                    rows
/maturity/imports/<uuid:import_id>/                                   one
/maturity/imports/countries/                                          none
/maturity/imports/surveys/                                            rows
/maturity/imports/surveys/<uuid:survey_id>/                           one
/my/access.json                                                       rows
/my/access/                                                           rows
/my/access/<uuid:entry_id>/                                           one
/my/access/<uuid:entry_id>/proof.json                                 one
/my/cases/                                                            rows
/my/cases/<uuid:case_id>/                                             one
/my/cases/<uuid:case_id>/complete/                                    one
/my/cases/<uuid:case_id>/correct/<int:child>/                         one
/my/cases/<uuid:case_id>/rating/                                      one
/my/cases/<uuid:case_id>/receipt/                                     one
/my/contact/                                                          rows
/my/data/                                                             rows
/my/documents/                                                        rows
/my/documents/<uuid:document_id>/download.pdf                         one
/my/files/<uuid:evidence_id>/                                         one
/my/inbox/                                                            rows
/my/inbox/<uuid:message_id>/                                          one
/my/security/                                                         rows
/my/security/authenticator/                                           none
/my/security/passkey/                                                 none
/my/security/passkey/<uuid:passkey_id>/remove/                        one
/my/security/passkey/challenge/                                       none
/my/security/password/                                                none
/my/security/recovery/                                                none
/my/security/session/<uuid:session_id>/end/                           one
/population/v1/                                                       bearer
/population/v1/births                                                 bearer
/population/v1/births/<certificate>/corrections                       bearer
/population/v1/families                                               bearer
/population/v1/persons                                                bearer
/sign-in/post/                                                        rows
"""


def table() -> list[Route]:
    """Return the table."""
    lines = (line.split() for line in _TABLE.strip().splitlines())
    return [Route(path, Shows(shows)) for path, shows in lines]
