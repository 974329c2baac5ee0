"""The dashboard where others look too: `streamlit run server.py`, which is what `fairlead serve` does."""

import streamlit as st

from reports import hosting

app = st.App("dashboard.py", **hosting.hosted())
