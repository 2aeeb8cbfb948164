"""GENIA terms: 36 types of molecules, cells and other terms in 2,000 PubMed abstracts on human blood cells."""

from schemas.formats import InlineXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

TYPES = (
    "amino_acid_monomer atom body_part carbohydrate cell_component cell_line cell_type inorganic lipid mono_cell "
    "multi_cell nucleotide other_artificial_source other_name other_organic_compound peptide "
    "polynucleotide tissue virus "
    "DNA_N/A DNA_domain_or_region DNA_family_or_group DNA_molecule DNA_substructure "
    "RNA_N/A RNA_domain_or_region RNA_family_or_group RNA_molecule RNA_substructure "
    "protein_N/A protein_complex protein_domain_or_region protein_family_or_group protein_molecule "
    "protein_substructure protein_subunit"
)


def plain(name: str) -> str:
    """The name of a type in words."""
    molecule, _, rest = name.partition("_")
    return f"other {molecule}" if rest == "N/A" else name.replace("_", " ")


SOURCE = Source(
    id="genia_term",
    title="GENIA term annotation 3.02",
    about="PubMed abstracts on transcription factors in human blood cells with nested terms of a biological ontology.",
    homepage="http://www.geniaproject.org/genia-corpus/term-corpus",
    citation="kim2003genia",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="http://www.geniaproject.org/genia-corpus/term-corpus",
        words="LICENSE in the archive: annotations CC BY 3.0 with attribution; the abstracts keep the terms of PubMed.",
        about=("annotations",),
    ),
    files={
        "GENIAcorpus3.02.tgz": "http://www.nactem.ac.uk/GENIA/current/GENIA-corpus/Term/GENIAcorpus3.02.tgz",
    },
    format=InlineXml(
        document="article",
        id="articleinfo/bibliomisc",
        texts=("title", "abstract"),
        entity="cons",
        type_key="sem",
        prefix="G#",
    ),
    documents={r"MEDLINE:(\d+)(?:-\d+)?": "own"},
    clean=("entities", "punctuation", "spaces"),
    parts={"main": Part(train="GENIAcorpus3.02.tgz!GENIA_term_3.02/GENIAcorpus3.02.xml")},
    tasks=(Ner(name="GENIA-Term", types={name: plain(name) for name in TYPES.split()}),),
)
