from reports import foreseen, live, milestones

view = live.open_view()
view = live.measured(view, foreseen.measure)
live.show(view, milestones.report_of)
