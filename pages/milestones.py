from reports import live, milestones

view = live.open_view()
live.show(view, milestones.report, milestone=live.choose(view, "milestone", milestones.choices))
