"""The columns of a release in words, for the card and for Croissant."""

COLUMNS = {
    "id": "Stable hash of source, task, record, input and output; neither order nor wording changes it.",
    "instruction": "What is asked, and in which form the answer is expected.",
    "input": "The text or texts that the instruction is about.",
    "output": "The answer.",
    "task": "Name of the dataset-task, which is also the name of its configuration.",
    "category": "The category of the task, such as NER or QA.",
    "source": "Short name of the dataset that the sample was made from.",
    "record_id": "Id of the record in that dataset.",
    "language": "ISO 639-1 code of the text; `source-target` for translations.",
    "licence": "Licence of the source, which holds for the sample too.",
    "document": "Publication that the text is from: `pmid:…`, `pmcid:PMC…`, `doi:…` or `<source>:…`; empty if unknown.",
}
