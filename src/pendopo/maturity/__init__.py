"""Maturity of a government's digital services: instruments, assessment, the exact index, live evidence.

SPBE 2018 and 2020, Pemdi 2026, the UN's EGDI and the satisfaction survey (SKM). An instrument is data
(``definitions/instruments``), never code. What may come in: levels that assessors give with a reason,
readings that other rooms offer through ``foundation.measures``, published results of other agencies and
years, and answers of surveys without personal data. Pure and testable by themselves are ``instruments`` (the
types), ``index``, ``levels`` (what somebody handed in), ``egdi``, ``skm`` and ``advice``.
"""
