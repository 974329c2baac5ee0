from reports import live, sources

view = live.open_view()
live.sync_desk(view)
live.show(view, sources.report)
live.edit_people(view)
