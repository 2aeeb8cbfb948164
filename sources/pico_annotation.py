"""PICO-Annotation: participants, interventions and outcomes in sentences of trial reports, by three experts."""

from schemas.formats import TokenVotes
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

DATA = (
    "https://raw.githubusercontent.com/Markus-Zlabinger/pico-annotation/63358b6bd99826a3607ff7ce78c7e8bbdd5ceed5/data/"
)
LAYERS = {"participants": "participant", "interventions": "intervention", "outcomes": "outcome"}

SOURCE = Source(
    id="pico_annotation",
    title="PICO annotation by experts and crowds",
    about="Sentences of abstracts of clinical trials with the phrases that most of three experts marked.",
    homepage="https://github.com/Markus-Zlabinger/pico-annotation",
    citation="zlabinger2020pico",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/Markus-Zlabinger/pico-annotation",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={
        "sentences.json": DATA + "sentences.json",
        **{f"{layer}_expert.json": f"{DATA}annotations/{layer}_expert.json" for layer in LAYERS},
    },
    format=TokenVotes(types=LAYERS, votes="annotations"),
    documents={r"(\d+):\d+": "pmid"},
    dirt="Words and punctuation marks are separated by spaces.",
    parts={"main": Part(train={"sentences": "sentences.json", **{layer: f"{layer}_expert.json" for layer in LAYERS}})},
    tasks=(Ner(name="PICO-Annotation", types={type_: type_ for type_ in LAYERS.values()}),),
)
