"""What licences permit and ask for, and the works to cite."""
