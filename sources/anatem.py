"""AnatEM: anatomical entities, from cell parts to organ systems, in PubMed abstracts and extracts of papers."""

from schemas.collections import mtl
from schemas.formats import Iob
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/AnatEM-IOB/"

SOURCE = Source(
    id="anatem",
    title="Anatomical Entity Mention corpus",
    about="Sentences of abstracts and papers with mentions of anatomical entities of one common type, as token tags.",
    homepage="http://nactem.ac.uk/anatomytagger/",
    citation="pyysalo2014anatem",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="http://nactem.ac.uk/anatomytagger/AnatEM-1.0.2.tar.gz",
        words="LICENSE in the archive: annotations CC BY-SA 3.0, to be attributed with a link.",
        about=("annotations",),
        credit="Annotations: AnatEM, http://nactem.ac.uk/anatomytagger/, CC BY-SA 3.0.",
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="http://nactem.ac.uk/anatomytagger/AnatEM-1.0.2.tar.gz",
            words="LICENSE in the archive: extracts of full articles are from the PMC Open Access Subset, each "
            "on the terms of its own article; nobody has listed them.",
            about=("texts",),
        ),
        mtl(),
    ),
    files={
        "AnatEM-IOB/train.tsv": MTL + "train.tsv",
        "AnatEM-IOB/devel.tsv": MTL + "devel.tsv",
        "AnatEM-IOB/test.tsv": MTL + "test.tsv",
    },
    format=Iob(),
    documents="The tagged sentences do not say from which article they are.",
    parts={"main": Part(train="AnatEM-IOB/train.tsv", dev="AnatEM-IOB/devel.tsv", test="AnatEM-IOB/test.tsv")},
    tasks=(Ner(name="AnatEM", answer="bio", keep="all", types={"Anatomy": "anatomical entity"}),),
)
