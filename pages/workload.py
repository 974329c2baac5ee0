from reports import workload, live

view = live.open_view()
live.show(view, workload.report)
