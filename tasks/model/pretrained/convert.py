"""From a GGUF file to a folder that transformers, trl and peft read."""

import io
from contextlib import redirect_stderr
from pathlib import Path

from schemas.errors import ModelError
from tasks.model.quiet import quiet


def convert(gguf: Path, folder: Path) -> None:
    """Write the weights of a GGUF file in 32 bits, with tokenizer, chat template and configuration.

    Args:
        gguf: the file; its quantized weights are written as the numbers that they stand for.
        folder: gets `model.safetensors`, `config.json`, `tokenizer.json` and what belongs to them.

    Raises:
        ModelError: transformers cannot read the file.
    """
    import torch  # pyright: ignore[reportMissingImports]

    transformers = quiet()
    transformers.utils.logging.set_verbosity_error()
    try:
        with redirect_stderr(io.StringIO()):  # one of its progress bars cannot be turned off
            tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                gguf.parent, gguf_file=gguf.name, dtype=torch.float32
            )
    except (ValueError, KeyError, ImportError, NotImplementedError) as error:
        raise ModelError(f"{gguf.name} cannot be converted: {' '.join(str(error).split())}") from error
    # transformers remembers how the file was quantized, and would not save numbers that are not any more
    model.hf_quantizer, model.is_quantized = None, False
    vars(model.config).pop("quantization_config", None)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    for path in folder.iterdir():
        path.chmod(0o644)  # safetensors writes files that only their owner may read
