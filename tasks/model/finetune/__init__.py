"""Fine-tuning: from a recipe and a mixture to a model, and to what it gained on MedINST32.

Torch and what stands on it are imported only where a model is touched, so that recipes are read and checked without.
"""
