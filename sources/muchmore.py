"""MuchMore: abstracts of medical journals in English and German, with UMLS concepts and relations."""

from schemas.formats import PairedTexts, ParquetRows, TokenXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Re, Transl

DFKI = "https://muchmore.dfki.de/"
ENGLISH, GERMAN, TERMS = (
    f"springer_{name}.tar.gz" for name in ("english_train_plain", "german_train_plain", "english_train_V4.2")
)
HUB = "https://huggingface.co/datasets/bigbio/muchmore/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "muchmore_bigbio_t2t/train/0000.parquet"

RELATIONS = (
    "adjacent_to affects analyzes assesses_effect_of associated_with branch_of brings_about carries_out causes "
    "co-occurs_with complicates conceptual_part_of conceptually_related_to connected_to consists_of contains degree_of "
    "derivative_of developmental_form_of diagnoses disrupts evaluation_of exhibits functionally_related_to indicates "
    "ingredient_of interacts_with interconnects isa issue_in location_of manages manifestation_of "
    "measurement_of measures "
    "method_of occurs_in part_of performs physically_related_to practices precedes prevents process_of produces "
    "property_of result_of spatially_related_to surrounds temporally_related_to traverses treats tributary_of uses"
)
INVERSE_OF_ITSELF = (
    "adjacent_to associated_with co-occurs_with conceptually_related_to connected_to functionally_related_to "
    "interacts_with physically_related_to spatially_related_to temporally_related_to"
)
"""Those that the semantic network of UMLS names alike in both directions."""

SOURCE = Source(
    id="muchmore",
    title="MuchMore Springer bilingual corpus",
    about="Abstracts of 41 medical journals in English and German; the English ones tagged by program with UMLS terms.",
    homepage=DFKI + "resources1.htm",
    citation="buitelaar2003muchmore",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url=DFKI + "resources1.htm",
        words="The page states no licence; the abstracts are from journals of Springer.",
        about=("all",),
    ),
    files={**{name: f"{DFKI}pubs/{name}" for name in (ENGLISH, GERMAN, TERMS)}, CONVERTED: HUB + CONVERTED},
    converted={
        CONVERTED: "The Hub converted the pairs to Parquet with BigBIO's loader; it is not the publisher's archive."
    },
    documents={r"(.+?)(?:\.eng\.abstr)?": "own"},
    parts={
        "terms": Part(
            format=TokenXml(encoding="latin-1", links={"cui": "UMLS"}),
            train=TERMS + "!**.xml",
            documented={"train": 7823},
        ),
        # 6,374 pairs, 1,449 English and 1,434 German abstracts without a counterpart
        "pairs": Part(
            format=PairedTexts(encoding="latin-1", suffixes={"source": ".eng.abstr", "target": ".ger.abstr"}),
            language="en-de",
            train={"source": ENGLISH + "!**.eng.abstr", "target": GERMAN + "!**.ger.abstr"},
            documented={"train": 9257},
            loses=0.32,
            instead=Part(
                format=ParquetRows(
                    record="Translation", fields={"id": "document_id", "text": "text_1", "translation": "text_2"}
                ),
                language="en-de",
                train=CONVERTED,
                documented={"train": 6374},
            ),
        ),
    },
    tasks=(
        Ned(name="MuchMore-NED", part="terms", databases=("UMLS",)),
        Re(
            name="MuchMore-RE",
            part="terms",
            answerable="partly",
            because="A program set the relations by the kinds of the two terms, whatever the sentence says of them.",
            types={name: "is a" if name == "isa" else name.replace("_", " ") for name in RELATIONS.split()},
            symmetric=tuple(name.replace("_", " ") for name in INVERSE_OF_ITSELF.split()),
        ),
        Transl(name="MuchMore-TRANSL", part="pairs"),
    ),
    verified=False,
)
