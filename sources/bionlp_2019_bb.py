"""BioNLP-2019-BB: where microorganisms live and what they are like, in abstracts and pieces of papers."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner, Re

HUB = "https://huggingface.co/datasets/bigbio/bionlp_st_2019_bb/resolve/main/data/"
DRIVE = "https://drive.google.com/uc?export=download&id="
NORM, REL = "BioNLP-OST-2019_BB-norm_", "BioNLP-OST-2019_BB-rel_"

SOURCE = Source(
    id="bionlp_2019_bb",
    title="Bacteria Biotope at BioNLP Open Shared Tasks 2019",
    about="PubMed abstracts and pieces of papers with microorganisms, their habitats, places and phenotypes.",
    homepage="https://sites.google.com/view/bb-2019/dataset",
    citation="bossy2019bb",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://sites.google.com/view/bb-2019/dataset",
        words="The page of the data and the archives state no licence.",
        about=("all",),
    ),
    files={
        f"{NORM}train.zip": (f"{HUB}norm/{NORM}train.zip", f"{DRIVE}1aXbshxgytZ1Dhbmw7OULPFarPO1FbcM3"),
        f"{NORM}dev.zip": (f"{HUB}norm/{NORM}dev.zip", f"{DRIVE}14jRZWF8VeluEYrV9EybV3LeGm4q5nH6s"),
        f"{NORM}test.zip": (f"{HUB}norm/{NORM}test.zip", f"{DRIVE}1BPDCFTVMmIlOowYA-DkeNNFjwTfHYPG6"),
        f"{REL}train.zip": (f"{HUB}rel/{REL}train.zip", f"{DRIVE}1gnc-ScNpssC3qrA7cVox4Iei7i96sYqC"),
        f"{REL}dev.zip": (f"{HUB}rel/{REL}dev.zip", f"{DRIVE}1wJM9XOfmvIBcX23t9bzQX5fLZwWQJIwS"),
    },
    format=Standoff(databases={"NCBI_Taxonomy": "NCBI Taxonomy"}, roles=("Microorganism", "Location", "Property")),
    documents={r"BB-(?:norm|rel)-(?:F-)?(\d+)(?:-\d+)?": "pmid"},
    clean=("invisible", "glued", "lines", "spaces"),
    dirt="References to figures and tables stand twice in texts copied from web pages (`(Fig. (Fig.2),2)`).",
    parts={
        "norm": Part(
            train=f"{NORM}train.zip!{NORM}train/*",
            dev=f"{NORM}dev.zip!{NORM}dev/*",
            test=f"{NORM}test.zip!{NORM}test/*",
        ),
        "rel": Part(train=f"{REL}train.zip!{REL}train/*", dev=f"{REL}dev.zip!{REL}dev/*"),
    },
    tasks=(
        Ner(
            name="BioNLP-2019-BB",
            discontinuous=True,
            part="norm",
            types={"Habitat": "habitat", "Microorganism": "microorganism", "Phenotype": "phenotype"},
            ignore=("Paragraph", "Title"),
        ),
        Ned(name="BioNLP-2019-BB-NED", discontinuous=True, part="norm", databases=("NCBI Taxonomy", "OntoBiotope")),
        Re(
            name="BioNLP-2019-BB-RE",
            discontinuous=True,
            part="rel",
            types={"Exhibits": "exhibits", "Lives_In": "lives in"},
        ),
    ),
    copies=frozenset(
        {
            "0f84e982e9aa7228e1935de0f83ecbc88e6741d7aa6ed638cf66923513bf6c13",
            "17069fb0d4fddcdeff5838b53b36065618b1a1af1b2723ee7a5f8ee8840e13f1",
            "1a3a416095d2415c47ec41098a00c4ecb7c65c61ec46038139198032725bd9e4",
            "3dc90c44c1c3f8e9b549c2dda1c2113e414bbb74aa0bbe887a2a75cd8b33b45e",
            "6ee951d76a7cf3a69ec1f055c2ab34742531071c5241c8503c547767920cc105",
        }
    ),
)
