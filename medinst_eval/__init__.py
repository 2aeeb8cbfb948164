"""MedINST for other people's harnesses and trainers: the answer grammar and the metrics, without the pipeline.

It is the wheel `medinst-eval` and imports nothing else of this project.
"""
