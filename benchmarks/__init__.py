"""What is measured, never timed in a test: `make benchmark`."""
