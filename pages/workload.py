from reports import deciding, live, workload

view = live.open_view()
view = live.measured(view, workload.measure)
wish, desk = deciding.wish(view.outline.closely)
deciding.decide(desk, live.built(view, workload.plan, wish=wish), wish)
live.show(view, workload.report_of, wish=wish)
