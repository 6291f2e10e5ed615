"""A proof that this program made, checked by Go's public packages for signed notes and transparency logs."""
