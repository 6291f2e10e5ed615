"""What staff do, one module a job."""
