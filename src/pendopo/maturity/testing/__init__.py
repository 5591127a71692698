"""What tests of assessments begin from."""
