"""Experiments: the same model trained in several ways, with several seeds, and measured alike."""

from typing import Any, Self

from pydantic import Field, PositiveInt, model_validator

from schemas.base import Line, Model, Slug
from schemas.finetune import Exam


class System(Model):
    """One way to use or train the model: a row of the table.

    Attributes:
        title: what the table calls it.
        recipe: of the fine-tuning; none: the model stays as it is.
        settings: fields of the recipe that are replaced.
        shots: whether examples precede each question.
    """

    title: Line
    recipe: Line | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    shots: bool = False

    @model_validator(mode="after")
    def _settings_need_a_recipe(self) -> Self:
        if self.settings and self.recipe is None:
            raise ValueError(f"{self.title}: `settings` change a recipe, and there is no `recipe`")
        return self


class Experiment(Model):
    """What is compared, and how.

    Attributes:
        about: the question that it answers.
        model: a folder, or the name of a model, that all systems begin with.
        systems: by name; the first is what the others are compared with.
        seeds: each system that is trained is trained once with each.
        settings: fields of all recipes that are replaced, such as the number of steps.
        loss_samples: samples of each test whose gold answers' loss is measured.
        exam: how all models are evaluated; whether examples are shown is said by the system.
        snapshots: shares of the steps after which the systems in `curve` are evaluated too, with the first seed.
        compare: pairs of systems, of which the first is compared with the second on tests that neither has seen.
    """

    name: Slug
    about: Line
    model: Line
    systems: dict[Slug, System] = Field(min_length=2)
    seeds: tuple[int, ...] = Field(min_length=1)
    settings: dict[str, Any] = Field(default_factory=dict)
    exam: Exam
    loss_samples: PositiveInt = 5
    snapshots: tuple[float, ...] = ()
    curve: tuple[Slug, ...] = ()
    compare: tuple[tuple[Slug, Slug], ...] = ()

    @property
    def base(self) -> str:
        """The system that the others are compared with."""
        return next(iter(self.systems))

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for field, named in (("curve", self.curve), ("compare", [name for pair in self.compare for name in pair])):
            if unknown := sorted(set(named) - self.systems.keys()):
                raise ValueError(f"`{field}` names {', '.join(unknown)}, and `systems` has {', '.join(self.systems)}")
        if bool(self.curve) != bool(self.snapshots):
            raise ValueError("`curve` and `snapshots` need each other")
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("a seed is there twice")
        if self.systems[self.base].recipe is not None:
            raise ValueError("the first system is what the others are compared with, so it is not trained")
        return self


class RowResult(Model):
    """One model of an experiment, trained and evaluated: `rows/<name>.json`.

    Attributes:
        system: its name.
        seed: of the training; none for a model that is not trained.
        share: of the steps after which the model was taken.
        model: the model, as its evaluation names it.
        evaluation: place of its answers in the folder of the experiment.
        mixture: version of the mixture.
        seen: tests of whose task samples were drawn for the training.
        steps: updates of the weights.
        tokens: read in training.
        trained_parameters: weights that were trained.
        seconds: of training.
        memory: bytes held at most in training.
        loss: training loss at the start and at the end, in nats a token.
        answer_loss: test -> loss of its gold answers, in nats a token, without any generation; None where no question
            fits into the model's context.
        samples: test -> samples asked.
    """

    system: Slug
    seed: int | None = None
    share: float = 1.0
    model: Line
    evaluation: Line
    mixture: str = ""
    seen: tuple[str, ...] = ()
    steps: int = 0
    tokens: int = 0
    trained_parameters: int = 0
    seconds: float = 0.0
    memory: int = 0
    loss: tuple[float, float] | None = None
    answer_loss: dict[str, float | None]
    samples: dict[str, int]
