"""base holds everything; dev, test and prod say where they differ."""
