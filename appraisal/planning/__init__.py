"""Planning a round from the browser: timetable, rules, calculations of places, targets."""
