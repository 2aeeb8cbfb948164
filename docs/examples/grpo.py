"""A GRPO recipe: train a model on the rewards of its own answers, and watch that it does not play them.

    medinst export unseen_train_100k --format rl
    python docs/examples/grpo.py MODEL data/exports/<dataset>/rl-<mark> --out OUT --steps 500

MODEL is a folder or a name in the local cache of the Hub; begin with one that already answers in the forms that the
instructions ask for, such as a model of `medinst finetune`: what never earns a reward learns nothing. Needs the extra
`models`. The defaults are for one GPU and a model of about a billion weights with adapters.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import datasets
import peft
import torch
import transformers
import trl

from medinst_eval import reward_function
from medinst_eval.rewards import SIGNS

PLAIN = "{{ messages | map(attribute='content') | join('\n\n') + '\n' }}"
"""For a tokenizer without a chat template: the lines in which `medinst evaluate` asks such a model."""

LOG = "rewards.jsonl"


def main(arguments: Sequence[str] | None = None) -> list[dict[str, float]]:
    """Train, and write model and log.

    Returns:
        the log: for each step its mean reward, and the shares of completions that look like attempts to play it.
    """
    asked = _parser().parse_args(arguments)
    rows = datasets.load_dataset(str(asked.rows), split="train")
    tokenizer = transformers.AutoTokenizer.from_pretrained(asked.model, padding_side="left", local_files_only=True)
    tokenizer.chat_template = tokenizer.chat_template or PLAIN
    fits = rows.filter(lambda row: _length(tokenizer, row["prompt"]) <= asked.max_prompt, load_from_cache_file=False)
    print(f"{len(fits):,} of {len(rows):,} rows have at most {asked.max_prompt:,} tokens")
    trainer = trl.GRPOTrainer(
        model=str(asked.model),
        reward_funcs=reward_function,
        args=_config(asked),
        train_dataset=fits,
        processing_class=tokenizer,
        peft_config=peft.LoraConfig(task_type="CAUSAL_LM", r=16, target_modules="all-linear") if asked.lora else None,
    )
    trainer.train()
    trainer.save_model(str(asked.out))
    log = [_step(entry) for entry in trainer.state.log_history if "reward" in entry]
    (asked.out / LOG).write_text("".join(json.dumps(step) + "\n" for step in log), encoding="utf-8")
    _tell(log)
    return log


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a folder, or a name in the local cache of the Hub")
    parser.add_argument("rows", type=Path, help="folder of `medinst export --format rl`")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and the log")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--group", type=int, default=8, help="completions of each prompt, compared with each other")
    parser.add_argument("--prompts", type=int, default=4, help="prompts of each step")
    parser.add_argument("--max-prompt", type=int, default=2048, help="tokens; longer rows are left out")
    parser.add_argument("--max-answer", type=int, default=512, help="tokens, those of thoughts included")
    parser.add_argument("--learning-rate", type=float, default=1e-5)
    parser.add_argument("--beta", type=float, default=0.0, help="weight of the distance from the model at the start")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--no-lora", dest="lora", action="store_false", help="train all weights")
    return parser


def _config(asked: argparse.Namespace) -> trl.GRPOConfig:
    gpu = torch.cuda.is_available()
    return trl.GRPOConfig(
        output_dir=str(asked.out),
        max_steps=asked.steps,
        num_generations=asked.group,
        per_device_train_batch_size=asked.group * asked.prompts,
        max_completion_length=asked.max_answer,
        learning_rate=asked.learning_rate,
        beta=asked.beta,
        seed=asked.seed,
        bf16=gpu,
        use_cpu=not gpu,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


def _length(tokenizer: Any, prompt: list[dict[str, str]]) -> int:
    return len(tokenizer.apply_chat_template(prompt, add_generation_prompt=True, return_dict=True)["input_ids"])


def _step(entry: dict[str, Any]) -> dict[str, float]:
    """What the log keeps of a step: `watch/<sign>` is what `reward_function` counted."""
    watched = {sign: round(entry.get(f"watch/{sign}", 0.0), 4) for sign in SIGNS}
    return {"step": entry["step"], "reward": entry["reward"], "length": entry["completions/mean_length"], **watched}


def _tell(log: list[dict[str, float]]) -> None:
    """Print what the first tenth of the steps earned, and the last."""
    tenth = max(1, len(log) // 10)
    for name in ("reward", "length", *SIGNS):
        first, last = (sum(step[name] for step in part) / tenth for part in (log[:tenth], log[-tenth:]))
        print(f"{name:10} {first:8.3f} -> {last:8.3f}")


if __name__ == "__main__":
    main()
