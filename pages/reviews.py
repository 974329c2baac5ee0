from reports import live, reviews

view = live.open_view()
live.show(view, reviews.report)
