"""Outbox topics of documents. ``documents.revoked`` carries ``{"document_id": str}``."""

REVOKED_TOPIC = "documents.revoked"
