"""Contracts: what a source, a record, a sample and a receipt look like. Imports nothing else of ours."""
