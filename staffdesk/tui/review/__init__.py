"""What the screens of the review show: items, the accesses they rest on, months and breaches, as lines."""
