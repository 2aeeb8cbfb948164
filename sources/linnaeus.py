"""LINNAEUS: species in 100 full papers, as tagged sentences and with their NCBI Taxonomy identifiers."""

from schemas.collections import mtl
from schemas.formats import Iob, MentionTable
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned, Ner

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/linnaeus-IOB/"
COPY = "https://raw.githubusercontent.com/SciCrunch/bio_electra/7a53526773e047c02f03400f61a906a636b9054d/bert_ner/data/linnaeus/"
ARCHIVE = "manual-corpus-species-1.0.tar.gz"
FOLDER = ARCHIVE + "!manual-corpus-species-1.0/"

SOURCE = Source(
    id="linnaeus",
    title="LINNAEUS species corpus",
    about="Papers of the PMC open access set with every mention of a species and its NCBI Taxonomy identifier.",
    homepage="https://linnaeus.sourceforge.net/",
    citation="gerner2010linnaeus",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://sourceforge.net/projects/linnaeus/files/Corpora/",
        words="LICENSE of release 1.1, which changes nothing else: CC BY 4.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://sourceforge.net/projects/linnaeus/files/Corpora/",
            words="The 100 documents are full articles of the PMC Open Access Subset; the licence of the corpus"
            " does not mention theirs.",
            about=("texts",),
        ),
        mtl("Linnaeus"),
    ),
    files={
        ARCHIVE: (
            f"https://sourceforge.net/projects/linnaeus/files/Corpora/{ARCHIVE}/download",
            f"https://iweb.dl.sourceforge.net/project/linnaeus/Corpora/{ARCHIVE}",
        ),
        "linnaeus-IOB/train.tsv": (MTL + "train.tsv", COPY + "train.txt"),
        "linnaeus-IOB/devel.tsv": (MTL + "devel.tsv", COPY + "dev.txt"),
        "linnaeus-IOB/test.tsv": (MTL + "test.tsv", COPY + "test.txt"),
    },
    documents={r"pmcA(\d+)": "pmcid"},
    dirt=(
        "Full texts come from pages: words are broken at line ends, tables are drawn with spaces, page "
        "numbers and footnotes stand within sentences; the sentences hold `<FFFD>` for 144 characters that "
        "were lost."
    ),
    parts={
        # Not `filtered_tags.tsv`, which leaves out the patients, women, calves, … that the tagged sentences have too.
        "papers": Part(
            format=MentionTable(
                type="Species",
                link=0,
                document=1,
                start=2,
                end=3,
                text=4,
                databases={"species:ncbi:": "NCBI Taxonomy"},
                nothing=("0",),
            ),
            train={"texts": FOLDER + "txt/*.txt", "mentions": FOLDER + "tags.tsv"},
        ),
        "sentences": Part(
            format=Iob(),
            documents="The tagged sentences do not say from which article they are.",
            train="linnaeus-IOB/train.tsv",
            dev="linnaeus-IOB/devel.tsv",
            test="linnaeus-IOB/test.tsv",
        ),
    },
    tasks=(
        Ner(name="Linnaeus", part="sentences", answer="bio", keep="all", types={"Species": "species"}),
        Ned(name="Linnaeus-NED", part="papers", databases=("NCBI Taxonomy",)),
    ),
)
