"""What a newer version brings to the database, in tests of migrations only."""
