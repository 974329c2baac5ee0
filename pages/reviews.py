from reports import reviews, live

view = live.open_view()
live.show(view, reviews.report)
