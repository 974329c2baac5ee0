"""The screen's door."""

import streamlit as st

from reports import live

st.set_page_config(page_title="Fairlead", page_icon=live.ICON, layout="wide")
page = st.navigation(live.pages())
st.logo(live.LOGO, icon_image=live.ICON, size="large")
live.run(page)
