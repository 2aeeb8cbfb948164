"""The explorer as a folder of files: the same pages, whose filters run in the browser on Parquet read by range."""
