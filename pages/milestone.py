from reports import controls, foreseen, live, milestone, whatif

view = live.open_view()
view = live.measured(view, foreseen.measure)
chosen = controls.choose("milestone", live.built(view, foreseen.choices))
scenario = controls.suppose(live.built(view, whatif.options, milestone=chosen))
live.show(view, milestone.report_of, milestone=chosen, scenario=scenario)
