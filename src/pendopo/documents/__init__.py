"""Files that come in and documents that go out.

What may come in: uploaded evidence, made harmless and encrypted; certificates set in Typst, sealed and
issued; their later life (superseded, revoked) and the public page that tells it. What may not: what a file
proves or why a certificate is due; that is casework's. There is no virus scanner in front of uploads yet
(clamd is absent): files are rebuilt, not scanned.
"""
