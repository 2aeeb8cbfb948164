"""MedINST as a verifier for reinforcement learning: what an answer earns, from 0 to 1.

    from medinst_eval import reward, reward_function

    reward("[aspirin <chemical>]", row)     # one completion
    GRPOTrainer(..., reward_funcs=reward_function)

A row is one of `medinst export --format rl`: it names its right answer (`ground_truth`) and how answers are verified
(`verifier`). docs/rewards.md has the rules and how they stand up to attacks.
"""

from medinst_eval.rewards.rewards import SIGNS, Judged, judge, reward, reward_function
from medinst_eval.rewards.verifier import Verifier

__all__ = ["SIGNS", "Judged", "Verifier", "judge", "reward", "reward_function"]
