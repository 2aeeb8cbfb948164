"""Bio-SimLex: how similar are two nouns of biomedical papers?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sts

REPOSITORY = "https://raw.githubusercontent.com/cambridgeltl/bio-simverb/6b1c98f8fdee9bedd27e9dd9c35ab5573caead74/wvlib/word-similarities/"

SOURCE = Source(
    id="bio_simlex",
    title="Bio-SimLex",
    about="Pairs of nouns that are frequent in biomedical papers, rated for similarity from 0 to 10 by biologists.",
    homepage="https://github.com/cambridgeltl/bio-simverb",
    citation="chiu2018biosimverb",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/cambridgeltl/bio-simverb",
        words="Neither README nor repository states a licence for it; those in NER/ and wvlib/ are for what"
        " is in these folders.",
        about=("all",),
    ),
    files={"Bio-SimLex.txt": REPOSITORY + "bio-simlex/Bio-SimLex.txt"},
    format=Delimited(
        record="Pair", separator="\t", quote=None, header=False, fields={"first": 0, "second": 1, "label": 2}
    ),
    documents="Pairs of words come from no document.",
    parts={"main": Part(train="Bio-SimLex.txt")},
    tasks=(Sts(name="Bio-SimLex", scale=(0, 10), first="Noun 1", second="Noun 2"),),
)
