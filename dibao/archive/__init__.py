"""What was kept is never changed and never lost: the folder, its database, its WARC files, its journal."""
