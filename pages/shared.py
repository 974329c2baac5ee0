from reports import live

view = live.open_view()
live.show_shared(view)
