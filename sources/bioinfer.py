"""BioInfer: proteins, genes and their interactions in 1,100 sentences."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

REPOSITORY = (
    "https://raw.githubusercontent.com/metalrt/ppi-dataset/dd49ea3217dd54043940a26f326108d1915f46df/csv_output/"
)

SOURCE = Source(
    id="bioinfer",
    title="BioInfer, in the unified format of protein interaction corpora",
    about="Sentences of PubMed abstracts with genes, proteins, their families and complexes, and their interactions.",
    homepage="https://github.com/metalrt/ppi-dataset",
    citation="pyysalo2007bioinfer",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/metalrt/ppi-dataset",
        words="Neither the repository nor its files state a licence.",
        about=("all",),
    ),
    files={
        "BioInfer-train.xml": REPOSITORY + "BioInfer-train.xml",
        "BioInfer-test.xml": REPOSITORY + "BioInfer-test.xml",
    },
    format=InteractionXml(origin="origId"),
    documents={r"(\d+)": "pmid"},
    parts={"main": Part(train="BioInfer-train.xml", test="BioInfer-test.xml")},
    tasks=(
        Ner(
            name="BioInfer",
            discontinuous=True,
            keep="all",
            types={
                "DNA_family_or_group": "DNA family or group",
                "Gene": "gene",
                "Gene/protein/RNA": "gene or gene product",
                "Individual_protein": "individual protein",
                "Protein_complex": "protein complex",
                "Protein_family_or_group": "protein family or group",
            },
        ),
        Re(name="BioInfer-RE", discontinuous=True, types={"PPI": "interacts with"}, symmetric=("interacts with",)),
    ),
)
