-- SPDX-License-Identifier: Apache-2.0
-- Mails that wait to be sent: no request waits for a mail server, and none is
-- lost when the process ends. `message` is the whole text that is handed over;
-- times are milliseconds since 1970.
CREATE TABLE bookplate_outbox (
    id text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    recipient text NOT NULL,
    sender text NOT NULL,
    subject text NOT NULL,
    message text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    lease_until bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL
);

CREATE INDEX bookplate_outbox_next_at_idx ON bookplate_outbox (next_at);
