"""BioNLP-2011-EPI: epigenetic changes and modifications of proteins in 1,240 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

DATA = "master.zip!bionlp-st-2011-epi-*/original-data/"

SOURCE = Source(
    id="bionlp_2011_epi",
    title="BioNLP Shared Task 2011, Epigenetics and Post-translational Modifications",
    about="PubMed abstracts with proteins, the groups put on them or taken off, and DNA methylation.",
    homepage="https://2011.bionlp-st.org/home/epigenetics-and-post-translational-modifications",
    citation="ohta2011epi",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2011-epi",
        words="LICENSE with the data: the GENIA Project License, which must travel with the annotations.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2011-epi/archive/9e9b686175015e1adc629d3ee3857be004dcd923.zip"
    },
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid"},
    clean=("punctuation", "spaces"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2011-EPI", types={"Protein": "protein"}, ignore=("Entity",)),
        Coref(name="BioNLP-2011-EPI-COREF"),
        Ee(
            name="BioNLP-2011-EPI-EE",
            types={
                "Acetylation": "acetylation",
                "Catalysis": "catalysis",
                "Deacetylation": "deacetylation",
                "Deglycosylation": "deglycosylation",
                "Dehydroxylation": "dehydroxylation",
                "Demethylation": "demethylation",
                "Dephosphorylation": "dephosphorylation",
                "Deubiquitination": "deubiquitination",
                "DNA_demethylation": "DNA demethylation",
                "DNA_methylation": "DNA methylation",
                "Glycosylation": "glycosylation",
                "Hydroxylation": "hydroxylation",
                "Methylation": "methylation",
                "Phosphorylation": "phosphorylation",
                "Ubiquitination": "ubiquitination",
            },
        ),
    ),
)
