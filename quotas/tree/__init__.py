"""Who there is: bodies, posts, persons, and what each may do where."""
