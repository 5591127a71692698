"""Files that leave: open data, the report as PDF and as a spreadsheet."""
