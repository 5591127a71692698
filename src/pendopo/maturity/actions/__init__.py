"""What people do in an assessment, one verb each."""
