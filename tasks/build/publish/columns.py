"""The columns of a release in words, for the card and for Croissant."""

COLUMNS = {
    "id": "Hash of source, task, record id, unit of the record, input and output. It does not depend on the order "
    "of the samples or on the wording of the instruction.",
    "instruction": "What is asked, and in which form the answer is expected.",
    "input": "The text or texts that the instruction is about.",
    "output": "The answer.",
    "task": "Name of the dataset-task, which is also the name of its configuration.",
    "category": "The category of the task, such as NER or QA.",
    "source": "Short name of the dataset that the sample was made from.",
    "record_id": "Id of the record in that dataset.",
    "language": "ISO 639-1 code of the text; `source-target` for translations.",
    "licence": "Licences that hold for the sample, joined by AND where several hold at once.",
    "document": "Publication that the text is from: `pmid:…`, `pmcid:PMC…`, `doi:…` or `<source>:…`; empty if unknown.",
}
