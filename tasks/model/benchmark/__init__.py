"""MedINST32: the 32 held-out tasks as test sets, the training sets without them, and what is known of both.

The paper says which tasks, how many samples and which prompt; how its examples and mixtures were drawn it does not say.
Here every draw is by the hash of a seed and a sample's id (`draw.py`), so that nothing else matters.
"""
