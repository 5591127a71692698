"""Addresses of results, countries and satisfaction, for everybody and for those who handle drafts."""

from django.urls import path

from pendopo.maturity.pages import dashboard, egdi, imports, ranking, satisfaction

BOARD = "desk/maturity/assessments/<uuid:assessment_id>/dashboard/"

patterns = [
    path("maturity/", ranking.front, name="front"),
    path("maturity/national/", ranking.country, name="national"),
    path("maturity/ranking/", ranking.ranking, name="ranking"),
    path("maturity/agencies/<uuid:result_id>/", ranking.agency, name="agency"),
    path("maturity/results.csv", ranking.results_csv, name="results-csv"),
    path("maturity/results.json", ranking.results_json, name="results-json"),
    path("maturity/egdi/", egdi.egdi, name="egdi"),
    path("maturity/egdi/country/", egdi.country, name="country"),
    path("maturity/egdi.csv", egdi.egdi_csv, name="egdi-csv"),
    path("maturity/satisfaction/", satisfaction.satisfaction, name="satisfaction"),
    path("maturity/satisfaction.csv", satisfaction.satisfaction_csv, name="satisfaction-csv"),
    path("maturity/imports/", imports.imports, name="imports"),
    path("maturity/imports/<uuid:import_id>/", imports.one_import, name="import"),
    path("maturity/imports/countries/", egdi.enter, name="countries"),
    path("maturity/imports/surveys/", satisfaction.surveys, name="surveys"),
    path("maturity/imports/surveys/<uuid:survey_id>/", satisfaction.one_survey, name="survey"),
    path(BOARD, dashboard.dashboard, name="dashboard"),
    path(BOARD + "plan/", dashboard.plan, name="plan"),
    path(BOARD + "report.pdf", dashboard.report_pdf, name="report-pdf"),
    path(BOARD + "report.xlsx", dashboard.report_xlsx, name="report-xlsx"),
]
