"""What tests share: invented files and servers, builds without Prefect, and searches in what was built."""
