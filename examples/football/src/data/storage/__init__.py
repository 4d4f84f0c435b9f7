"""The data lake: partitioned parquet files with a manifest and a journal."""
