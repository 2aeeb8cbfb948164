"""PTM-Events: four modifications of proteins in 112 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

FILE = "post-translational_modifications_training_data.tar.gz"

SOURCE = Source(
    id="ptm_events",
    title="PTM Event Corpus",
    about="PubMed abstracts with proteins that are acetylated, glycosylated, hydroxylated or methylated.",
    homepage="http://www.geniaproject.org/other-corpora/ptm-event-corpus",
    citation="ohta2010ptm",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="http://www.nactem.ac.uk/GENIA/current/Other-corpora/PTM-Events/",
        words="LICENSE in the archive: the GENIA Project License, which must travel with the annotations.",
        about=("annotations",),
    ),
    files={
        FILE: (
            f"http://www.nactem.ac.uk/GENIA/current/Other-corpora/PTM-Events/{FILE}",
            f"http://www.geniaproject.org/other-corpora/ptm-event-corpus/{FILE}?attredirects=0&d=1",
        ),
    },
    format=Standoff(),
    documents={r"(\d+)": "pmid"},
    clean=("punctuation", "spaces"),
    parts={"main": Part(train=f"{FILE}!post-translational_modifications_training_data/*")},
    tasks=(
        Ner(name="PTM-Events", types={"Protein": "protein"}, ignore=("Entity",)),
        Coref(name="PTM-Events-COREF"),
        Ee(
            name="PTM-Events-EE",
            types={
                "Phosphorylation": "phosphorylation",
                "Positive_regulation": "positive regulation",
                "Protein_amino_acid_acetylation": "acetylation",
                "Protein_amino_acid_glycosylation": "glycosylation",
                "Protein_amino_acid_hydroxylation": "hydroxylation",
                "Protein_amino_acid_methylation": "methylation",
                "Protein_modification": "protein modification",
            },
        ),
    ),
)
