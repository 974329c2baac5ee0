from reports import live, overview

view = live.open_view()
live.show(view, overview.report)
