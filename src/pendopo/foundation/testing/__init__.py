"""What tests of several rooms need to run beside the real thing."""
