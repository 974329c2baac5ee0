from reports import controls, live, person, workload

view = live.open_view()
view = live.measured(view, workload.measure)
chosen = controls.choose("person", live.built(view, person.choices))
live.show(view, person.report_of, person=chosen)
