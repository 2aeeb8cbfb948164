"""BioRelEx: what binds what in 2,010 sentences, with the names, types and identifiers of all that takes part."""

from schemas.formats import JsonClusters
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ned, Ner, Re

RELEASE = "https://github.com/YerevaNN/BioRelEx/releases/download/1.0alpha7/"
TYPES = (
    *("amino-acid", "assay", "brand", "cell", "chemical", "disease", "DNA", "drug", "experiment-tag"),
    *("experimental-construct", "fusion-gene", "fusion-protein", "gene", "gene-family", "mutation", "organelle"),
    *("organism", "parameter", "peptide", "process", "protein", "protein-complex", "protein-DNA-complex"),
    *("protein-domain", "protein-family", "protein-isoform", "protein-motif", "protein-region"),
    *("protein-RNA-complex", "reagent", "RNA", "RNA-family", "tissue"),
)
ADDRESSES = {
    r"https?://www\.uniprot\.org/uniprot/([^/?#]+).*": "UniProt",
    r"https?://(?:www\.)?ebi\.ac\.uk/interpro/entry/([^/?#]+).*": "InterPro",
    r"https?://pfam\.xfam\.org/family/([^/?#]+).*": "Pfam",
    r"https?://pubchem\.ncbi\.nlm\.nih\.gov/compound/([^/?#]+).*": "PubChem Compound",
    r"https?://pubchem\.ncbi\.nlm\.nih\.gov/substance/([^/?#]+).*": "PubChem Substance",
    r"https?://www\.drugbank\.ca/drugs/([^/?#]+).*": "DrugBank",
    r"https?://www\.chemspider\.com/Chemical-Structure\.(\d+)\.html": "ChemSpider",
    r"https?://enzyme\.expasy\.org/EC/([\d.-]+)": "Enzyme Commission",
    r"https?://www\.genome\.jp/dbget-bin/www_bget\?enzyme\+([\d.-]+)": "Enzyme Commission",
    r"https?://www\.ebi\.ac\.uk/intenz/.*?=([\d.-]+)": "Enzyme Commission",
    r"https?://www\.genome\.jp/kegg-bin/show_pathway\?(?:map=)?(\w+)": "KEGG",
}
KEYS = {"entrez_gene": "NCBI Gene", "hgnc_symbol": "HGNC"}

SOURCE = Source(
    id="biorelex",
    title="BioRelEx",
    about="Sentences on binding, with their proteins, chemicals and other entities and which of them bind each other.",
    homepage="https://github.com/YerevaNN/BioRelEx",
    citation="khachatrian2019biorelex",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/YerevaNN/BioRelEx",
        words="Neither the repository nor its releases state a licence.",
        about=("all",),
    ),
    files={
        "1.0alpha7.train.json": RELEASE + "1.0alpha7.train.json",
        "1.0alpha7.dev.json": RELEASE + "1.0alpha7.dev.json",
    },
    format=JsonClusters(databases=ADDRESSES, keys=KEYS, nothing=("NA", ""), origin="url"),
    documents={
        r"https?://www\.ncbi\.nlm\.nih\.gov/pubmed/(\d+)": "pmid",
        r"https?://www\.ncbi\.nlm\.nih\.gov/pmc/articles/PMC(\d+)/?": "pmcid",
    },
    clean=("spaces",),
    parts={
        "main": Part(train="1.0alpha7.train.json", dev="1.0alpha7.dev.json", documented={"train": 1405, "dev": 201}),
    },
    tasks=(
        Ner(name="BioRelEx", types={name: name.replace("-", " ") for name in TYPES}),
        Ned(name="BioRelEx-NED", databases=tuple(dict.fromkeys((*KEYS.values(), *ADDRESSES.values())))),
        Re(
            name="BioRelEx-RE",
            types={"1": "binds", "0": "may bind", "-1": "does not bind"},
            symmetric=("binds", "may bind", "does not bind"),
        ),
        Coref(name="BioRelEx-COREF"),
    ),
    verified=False,
)
