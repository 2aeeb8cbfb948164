-- The catalogue: what a build read, made, left out and published. Tables hold facts of the newest build; views look into
-- the Parquet files of records and samples where they lie. Names after a dollar sign are filled in by tasks/build/catalogue/write.py.

-- Files are named by their places in the root, so that it can be copied and moved. `medinst sql` says where the root is; in
-- plain DuckDB, start in the root's folder or say it: SET VARIABLE medinst_root = '/where/the/root/is'. In a list of files
-- DuckDB takes `*`, `?` and `[` for patterns; in the root's own name they are only characters.
CREATE MACRO in_root(places) AS list_transform(places, lambda place:
    coalesce(regexp_replace(rtrim(getvariable('medinst_root'), '/'), '([*?\[])', '[\1]', 'g') || '/', '') || place);

CREATE TABLE sources (
    source VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    homepage VARCHAR NOT NULL,
    citation VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    access VARCHAR NOT NULL,
    apply VARCHAR,
    licence VARCHAR NOT NULL,
    licence_title VARCHAR NOT NULL,
    licence_url VARCHAR NOT NULL,
    spdx VARCHAR NOT NULL,
    evidence_url VARCHAR NOT NULL,
    evidence_words VARCHAR NOT NULL,
    evidence_about VARCHAR NOT NULL,
    further_licences VARCHAR NOT NULL,
    redistribute BOOLEAN NOT NULL,
    commercial BOOLEAN NOT NULL,
    share_alike BOOLEAN NOT NULL,
    derivatives BOOLEAN NOT NULL,
    non_profit BOOLEAN NOT NULL,
    verified BOOLEAN NOT NULL,
    collection VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE files (
    source VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    trust VARCHAR NOT NULL,
    original BOOLEAN NOT NULL,
    PRIMARY KEY (source, name)
);

CREATE TABLE tasks (
    task VARCHAR PRIMARY KEY,
    category VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    licence VARCHAR NOT NULL,
    parts VARCHAR[] NOT NULL,
    labels VARCHAR[] NOT NULL,
    instruction VARCHAR NOT NULL,
    answerable VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE instructions (
    task VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    instruction VARCHAR NOT NULL,
    PRIMARY KEY (task, wording)
);

CREATE TABLE splits (
    task VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    records BIGINT NOT NULL,
    rendered BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    PRIMARY KEY (task, split)
);

CREATE TABLE counts (
    source VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    read BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    mismatches BIGINT NOT NULL,
    PRIMARY KEY (source, part, split)
);

CREATE TABLE profiles (
    task VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value DOUBLE,
    PRIMARY KEY (task, split, measure)
);

-- Direct identifiers of persons in samples, redacted; only in the catalogue of a build with the profile `local`.
CREATE TABLE personal AS
SELECT split_part(filename, '/', -3) AS task, split, measure, id, field, found
FROM read_parquet(in_root(${personal}), hive_partitioning = false, filename = true);

CREATE TABLE labels (
    task VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (task, split, label)
);

CREATE TABLE parity (
    task VARCHAR PRIMARY KEY,
    category VARCHAR NOT NULL,
    paper BIGINT[] NOT NULL,
    ours BIGINT[],
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE verdicts (
    suite VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    expectation VARCHAR NOT NULL,
    found VARCHAR NOT NULL,
    examples VARCHAR[] NOT NULL,
    command VARCHAR NOT NULL
);

-- What people accepted of how a build moved away from the release before it.
CREATE TABLE accepted (
    task VARCHAR NOT NULL,
    split VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    base VARCHAR NOT NULL,
    before DOUBLE NOT NULL,
    after DOUBLE NOT NULL,
    found VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    accepted_at TIMESTAMPTZ NOT NULL,
    why VARCHAR NOT NULL
);

CREATE TABLE runs (
    run VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    started TIMESTAMPTZ NOT NULL,
    finished TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    sources VARCHAR[] NOT NULL,
    profile VARCHAR NOT NULL,
    version VARCHAR,
    message VARCHAR NOT NULL
);

CREATE TABLE releases (
    version VARCHAR PRIMARY KEY,
    profile VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    tasks BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    partial BOOLEAN NOT NULL,
    manifest_sha256 VARCHAR NOT NULL,
    latest BOOLEAN NOT NULL
);

CREATE TABLE training_sets (
    task VARCHAR PRIMARY KEY,
    samples BIGINT NOT NULL,
    clean BIGINT NOT NULL
);

CREATE TABLE scores (
    evaluation VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    benchmark VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    main BOOLEAN NOT NULL,
    value DOUBLE NOT NULL,
    low DOUBLE NOT NULL,
    high DOUBLE NOT NULL,
    samples BIGINT NOT NULL,
    unread DOUBLE NOT NULL
);

CREATE TABLE rejects AS
SELECT stage, source, part, task, split, id, record_id, reason, detail, twin
FROM read_parquet(in_root(${rejects}), hive_partitioning = false);

-- What clean-ups changed in the texts of records, one row a record, field and clean-up; before and after show the first place.
CREATE VIEW cleaned AS
SELECT * FROM read_parquet(in_root(${cleaned}), hive_partitioning = false);

-- Samples whose answer is not as it was rendered: answers to one input were merged, or averaged.
CREATE TABLE amended AS
SELECT split_part(filename, '/', -3) AS task, split, id, output
FROM read_parquet(in_root(${amended}), hive_partitioning = false, filename = true);

CREATE VIEW documents AS
SELECT
    ${place},
    id, text,
    len(entities) AS entities, len(relations) AS relations, len(events) AS events, len(chains) AS chains,
    origin
FROM read_parquet(in_root(${Document}), hive_partitioning = false, filename = true);

CREATE VIEW mentions AS
WITH listed AS (SELECT ${place}, id AS document, unnest(entities) AS entity
                FROM read_parquet(in_root(${Document}), hive_partitioning = false, filename = true))
SELECT
    source, part, split, document,
    entity.id AS mention, entity.type AS type, entity.text AS text,
    entity.spans[1].start AS first, entity.spans[-1].end AS last,
    len(entity.spans) AS fragments,
    list_transform(entity.links, lambda link: link.database || '/' || link.identifier) AS concepts
FROM listed;

CREATE VIEW relations AS
WITH listed AS (SELECT ${place}, id AS document, unnest(relations) AS relation
                FROM read_parquet(in_root(${Document}), hive_partitioning = false, filename = true))
SELECT
    source, part, split, document,
    relation.id AS relation, relation.type AS type,
    relation.arguments[1].target AS first, relation.arguments[1].text AS first_text,
    relation.arguments[2].target AS second, relation.arguments[2].text AS second_text
FROM listed;

CREATE VIEW events AS
WITH listed AS (SELECT ${place}, id AS document, unnest(events) AS event
                FROM read_parquet(in_root(${Document}), hive_partitioning = false, filename = true))
SELECT
    source, part, split, document,
    event.id AS event, event.type AS type, event.trigger AS trigger, event.start AS start,
    list_transform(event.arguments, lambda argument: argument.role || ': ' || argument.text) AS arguments
FROM listed;

CREATE VIEW chains AS
WITH listed AS (SELECT ${place}, id AS document, unnest(chains) AS chain
                FROM read_parquet(in_root(${Document}), hive_partitioning = false, filename = true))
SELECT source, part, split, document, list_transform(chain, lambda mention: mention.text) AS mentions
FROM listed;

CREATE VIEW sentences AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Sentence}), hive_partitioning = false, filename = true);

CREATE VIEW questions AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Question}), hive_partitioning = false, filename = true);

CREATE VIEW pairs AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Pair}), hive_partitioning = false, filename = true);

CREATE VIEW texts AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Text}), hive_partitioning = false, filename = true);

CREATE VIEW translations AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Translation}), hive_partitioning = false, filename = true);

CREATE VIEW summaries AS
SELECT ${place}, * EXCLUDE (filename) FROM read_parquet(in_root(${Summary}), hive_partitioning = false, filename = true);

-- What the declared addresses answered when they were last asked (`medinst urls`), and every change of that.
CREATE VIEW links AS
SELECT * EXCLUDE (heard, stamp, history) FROM read_parquet(in_root(${links}), hive_partitioning = false);

CREATE VIEW link_history AS
WITH listed AS (SELECT source, file, url, unnest(history) AS spell
                FROM read_parquet(in_root(${links}), hive_partitioning = false))
SELECT source, file, url, spell.verdict AS verdict, spell.first AS first_day, spell.last AS last_day
FROM listed;

-- Samples that are near duplicates of one that takes precedence, and what training samples share with tests.
CREATE VIEW near_duplicates AS
SELECT * FROM read_parquet(in_root(${near}), hive_partitioning = false);

CREATE VIEW leaks AS
SELECT * FROM read_parquet(in_root(${leaks}), hive_partitioning = false);

-- Inputs with several answers in one task, and what was done about them.
CREATE TABLE conflicts AS
SELECT task, input, samples, answers, splits, policy, done, id
FROM read_parquet(in_root(${conflicts}), hive_partitioning = false);

CREATE TABLE diagnostics AS
SELECT
    task,
    split,
    measure,
    value
FROM read_parquet(in_root(${diagnostics}), hive_partitioning = false);

CREATE TABLE ambiguity AS
SELECT
    task,
    kind,
    subject,
    mentions,
    different,
    others
FROM read_parquet(in_root(${ambiguity}), hive_partitioning = false);

CREATE TABLE consistency AS
SELECT
    task,
    name,
    tagged,
    within,
    joined,
    untagged,
    share
FROM read_parquet(in_root(${consistency}), hive_partitioning = false);

CREATE TABLE overlap AS
SELECT
    kind,
    task,
    split,
    other_task,
    other_split,
    shared,
    own,
    other,
    share,
    jaccard
FROM read_parquet(in_root(${overlap}), hive_partitioning = false);

CREATE VIEW predictions AS
SELECT * FROM read_parquet(in_root(${predictions}), hive_partitioning = false, union_by_name = true);

-- The samples that are published: those of the release, with their split and, where conflicts were merged, the new answer.
CREATE VIEW samples AS
SELECT
    sample.id, sample.instruction, sample.input, coalesce(new.output, sample.output) AS output, sample.task, sample.category,
    sample.source, sample.record_id, sample.language, sample.licence, sample.document,
    split_part(parse_filename(sample.filename, true), '-', 1) AS split
FROM read_parquet(in_root(${samples}), hive_partitioning = false, filename = true) AS sample
LEFT JOIN amended AS new
    ON new.task = sample.task AND new.id = sample.id AND new.split = split_part(parse_filename(sample.filename, true), '-', 1)
WHERE NOT EXISTS (
    SELECT 1 FROM rejects
    WHERE rejects.stage = 'deduplicate' AND rejects.task = sample.task AND rejects.id = sample.id
      AND rejects.split = split_part(parse_filename(sample.filename, true), '-', 1)
);
