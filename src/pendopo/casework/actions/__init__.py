"""One verb each: check the permission, change, write the audit row, emit, in one transaction."""
