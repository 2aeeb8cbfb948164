"""What is done with a release: benchmark, mixture, export, evaluation, fine-tuning."""
