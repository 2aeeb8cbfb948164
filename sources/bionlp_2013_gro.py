"""BioNLP-2013-GRO: the concepts of the Gene Regulation Ontology in 300 PubMed abstracts."""

import re

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

DATA = "master.zip!bionlp-st-2013-gro-*/original-data/"
ENTITIES = (
    "AP2EREBPRelatedDomain Agonist AminoAcid Antagonist AntisenseRNA Attenuator Bacterium BasicDomain "
    "BetaScaffoldDomain_WithMinorGrooveContacts BindingAssay BindingSiteOfProtein Carbohydrate CatalyticActivity Cell "
    "CellComponent Chemical Chromatin ChromosomalDNA Chromosome ComplexMolecularEntity ComplexOfProteinAndDNA "
    "ComplexOfProteinAndRNA Conformation CpGIsland DNA DNABindingDomainOfProtein DNABindingDomainOfTF DNABindingSite "
    "DNAFragment DNAMolecule DNARegion DoubleStrandDNA Enhancer Enzyme Epigenetic Eukaryote EukaryoticCell Exon "
    "ExperimentalMethod ExpressionProfiling FeedbackLoop ForkheadWingedHelix ForkheadWingedHelixTF Function FusionGene "
    "FusionOfGeneWithReporterGene FusionProtein Gas Gene GeneExpressionRegulator GeneProduct GeneRegion "
    "GeneralTranscriptionFactor HMG HMGTF Heterochromatin Histone HistoneFold HistoneFoldTF Holoenzyme HomeoBox "
    "HomeoboxTF InorganicChemical Intron Ion Ligand Lipid LivingEntity Locus MessengerRNA MicroRNA Microorganism "
    "MolecularEntity MolecularFunction MolecularStructure MutantGene MutantProtein MutantRegulatoryDNARegion "
    "MutatedProtein NcRNA NegativeTranscriptionRegulator NonPhysicalContinuant NuclearReceptor NucleicAcid Nucleoside "
    "Nucleosome Nucleotide Nucleus OpenReadingFrame Operon OrganicChemical Organism Orientation OxidativeStress "
    "Peptide Phenotype PhosphateGroup PhysicalContact PhysicalContinuant Plant Polymerase "
    "PositiveTranscriptionRegulator Posttranscriptional Posttranslational PrimaryStructure Prokaryote Promoter Protein "
    "ProteinBindingSiteOfDNA ProteinBindingSiteOfProtein ProteinCodingDNARegion ProteinCodingRegion ProteinComplex "
    "ProteinDomain ProteinIdentification ProteinSubunit Quality RNA RNAMolecule RNAPolymerase RNAPolymeraseII "
    "RNAPolymeraseIIHoloenzyme RNAPolymerase_II_Promoter RNARegion RegulatoryDNARegion ReporterGene "
    "ReporterGeneConstruction RibosomalDNA RibosomalRNA Ribosome RuntLikeDomain SecondMessenger Sequence "
    "SequenceHomologyAnalysis Silencer SingleStrandDNA SmallInterferingRNA Solution Spliceosome Stress "
    "StructuralDomainOfTranscriptionRepressor Substrate TATAbox TBP Temperature TemporalQuality "
    "ThreeDimensionalMolecularStructure Tissue Transcript TranscriptionActivator TranscriptionActivatorActivity "
    "TranscriptionCoactivator TranscriptionCofactor TranscriptionCorepressor TranscriptionFactor "
    "TranscriptionFactorActivity TranscriptionFactorBindingSiteOfDNA TranscriptionFactorComplex "
    "TranscriptionInitiationComplex TranscriptionRegulator TranscriptionRepressor TranscriptionRepressorActivity "
    "TranslationFactor UpstreamRegulatorySequence Virus Vitamin X_Chromosome ZincCoordinatingDomain "
    "ZincCoordinatingDomainTF bHLH bHLHTF bZIP bZIPTF tRNA"
)
WORD = re.compile(r"AP2EREBP|bHLH|bZIP|CpG|HMG|NcRNA|TATA|TBP|tRNA|DNA|RNA|TF|II|X|[A-Z]?[a-z]+")


def plain(name: str) -> str:
    """The name of a type in words: `ProteinBindingSiteOfDNA` as `protein binding site of DNA`."""
    return " ".join(word.lower() if word[1:].islower() else word for word in WORD.findall(name))


SOURCE = Source(
    id="bionlp_2013_gro",
    title="BioNLP Shared Task 2013, Gene Regulation Ontology",
    about="PubMed abstracts with entities, from genes to species, typed by the concepts of an ontology, and relations.",
    homepage="http://2013.bionlp-st.org/tasks/corpus-annotation-with-gene-regulation-ontology",
    citation="kim2013gro",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2013-gro",
        words="LICENSE with the data: annotations CC BY-SA 3.0; the abstracts keep the terms of PubMed.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2013-gro/archive/8d044d935a832e8358f23f3126309a662cb817b9.zip"
    },
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid"},
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2013-GRO", discontinuous=True, types={name: plain(name) for name in ENTITIES.split()}),
        Re(
            name="BioNLP-2013-GRO-RE",
            discontinuous=True,
            types={
                "encodes": "encodes",
                "fromSpecies": "is from the species",
                "hasFunction": "has the function",
                "hasPart": "has part",
                "locatedIn": "is located in",
            },
            ignore=("precedes", "resultsIn"),  # relations of events
        ),
    ),
)
