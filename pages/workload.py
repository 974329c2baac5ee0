from reports import live, workload

view = live.open_view()
live.show(view, workload.report)
