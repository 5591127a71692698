"""Pages of ministers, clerks, chairs and the screen on the wall."""
