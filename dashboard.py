"""The screen's door."""

import streamlit as st

from reports import live

st.set_page_config(page_title="Fairlead", page_icon="assets/anchor.svg", layout="wide")
st.logo("assets/fairlead.svg", icon_image="assets/anchor.svg", size="large")
live.run(st.navigation(live.pages()))
