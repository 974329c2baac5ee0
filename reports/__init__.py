"""A report is a list of panels; shown live, or written down."""
