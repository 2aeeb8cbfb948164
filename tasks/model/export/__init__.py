"""Exports: releases, benchmarks and mixtures in the forms that trainers read."""
