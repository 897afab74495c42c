-- SPDX-License-Identifier: Apache-2.0
-- What is known of readers beyond their accounts. `user_id` is the id of
-- Better Auth's user as text, whatever type it has there, so nothing here
-- refers to that table; who deletes a user deletes these rows in the same
-- transaction, and the sweep those of users another server deleted. Times are
-- milliseconds since 1970. "Sealed" is AES-256-GCM under the data key
-- `key_id`, in base64url, bound to table, column and row.

-- The keys that seal, themselves sealed with DATA_KEYS.
CREATE TABLE bookplate_key (
    id bigint NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    sealed text NOT NULL,
    created_at bigint NOT NULL
);

-- One for each reader who ever answered; `answers` is sealed JSON, `version`
-- counts the changes, `merges` names the browsers whose answers were taken
-- over (a JSON array).
CREATE TABLE bookplate_profile (
    id text NOT NULL PRIMARY KEY,
    user_id text NOT NULL UNIQUE,
    version bigint NOT NULL,
    answers text NOT NULL,
    key_id bigint NOT NULL,
    merges text NOT NULL DEFAULT '[]',
    consent_version text,
    consent_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE INDEX bookplate_profile_key_id_idx ON bookplate_profile (key_id);

-- What changed: `changes` is sealed JSON.
CREATE TABLE bookplate_profile_history (
    id text NOT NULL PRIMARY KEY,
    user_id text NOT NULL,
    version bigint NOT NULL,
    actor text NOT NULL,
    changes text NOT NULL,
    key_id bigint NOT NULL,
    created_at bigint NOT NULL
);

CREATE INDEX bookplate_profile_history_user_id_idx
    ON bookplate_profile_history (user_id, version);

CREATE INDEX bookplate_profile_history_key_id_idx
    ON bookplate_profile_history (key_id);

-- How far a reader got: `updated_at` is when the device said so, `stored_at`
-- when it reached us.
CREATE TABLE bookplate_progress (
    user_id text NOT NULL,
    page text NOT NULL,
    state text NOT NULL,
    place text NOT NULL DEFAULT '',
    seconds bigint NOT NULL DEFAULT 0,
    updated_at bigint NOT NULL,
    stored_at bigint NOT NULL,
    PRIMARY KEY (user_id, page)
);

-- Who did what. A row is written with the act itself, in its transaction; a
-- moment later it gets its number and its hash over the row before, and the
-- users' ids become pseudonyms.
CREATE TABLE bookplate_audit (
    id text NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL,
    event text NOT NULL,
    actor text NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '',
    network text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    seq bigint UNIQUE,
    hash text
);

CREATE INDEX bookplate_audit_waiting_idx ON bookplate_audit (created_at)
    WHERE seq IS NULL;

CREATE INDEX bookplate_audit_subject_idx ON bookplate_audit (subject);

CREATE INDEX bookplate_audit_actor_idx ON bookplate_audit (actor)
    WHERE actor <> '';

-- One row: where the chain ends.
CREATE TABLE bookplate_audit_head (
    id integer NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,
    hash text NOT NULL
);

INSERT INTO bookplate_audit_head (id, seq, hash) VALUES (1, 0, '');

-- Other services that may read backgrounds; `hash` is of their key.
CREATE TABLE bookplate_service_key (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    hash text NOT NULL UNIQUE,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint,
    revoked_at bigint
);
