"""People made up twice, to measure by whether they are found: see the page beside this."""
