"""SciELO: sentences of scientific articles in English and, side by side, in Spanish or Portuguese."""

from schemas.formats import ParallelText
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Transl

SOURCE = Source(
    id="scielo",
    title="SciELO parallel corpus",
    about="Aligned sentences of articles of the SciELO library, English with Spanish and with Portuguese.",
    homepage="https://figshare.com/articles/dataset/A_Large_Parallel_Corpus_of_Full-Text_Scientific_Articles/5382757",
    citation="soares2018scielo",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://figshare.com/articles/dataset/A_Large_Parallel_Corpus_of_Full-Text_Scientific_Articles/5382757",
        words="The record of those who aligned the sentences states CC BY 4.0.",
        about=("compilation",),
    ),
    also=(
        Further(
            licence=Licence.CC_BY_NC_4_0,
            url="https://blog.scielo.org/en/2015/06/19/",
            words="SciELO had CC BY-NC for all of its content from 2009 to 2015, and journals could keep it "
            "after that; the sentences do not say from which article they are.",
            about=("texts",),
        ),
    ),
    files={
        "en_es.tar.gz": "https://ndownloader.figstatic.com/files/14019287",
        "en_pt.tar.gz": "https://ndownloader.figstatic.com/files/14019308",
    },
    format=ParallelText(),
    documents="Aligned sentences do not say from which article they are.",
    parts={
        "en_es": Part(
            language="es-en",
            train={"source": "en_es.tar.gz!en_es.es", "target": "en_es.tar.gz!en_es.en"},
            documented={"train": 177_782},
        ),
        "en_pt": Part(
            language="pt-en",
            train={"source": "en_pt.tar.gz!en_pt.pt", "target": "en_pt.tar.gz!en_pt.en"},
            documented={"train": 2_828_917},
        ),
    },
    tasks=(Transl(name="SciELO", parts=("en_es", "en_pt")),),
    partial=frozenset(
        {
            "c7b2fe7455cb20e3fe970281e8cf4e9f098d69e70e2d9dea7b383c0894e75953",  # en_es.tar.gz
            "3c505f6e8a016f7597a0a955abd9ae37915788e1b0c54dcdf7d967db4508b4d6",  # en_pt.tar.gz
        }
    ),
)
