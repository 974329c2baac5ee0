"""The screen's door."""

import streamlit as st

from reports import live

st.set_page_config(page_title="Fairlead", page_icon=":material/anchor:", layout="wide")
live.run(st.navigation(live.pages()))
