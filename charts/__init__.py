"""Numbers → Plotly figures. Draws, never computes."""
