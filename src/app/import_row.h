/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One user of a file: which column each name means, whether each value is one
 * the column takes, and what is missing.
 *
 * Names are the columns', as clients or the database know them, in any case
 * and with or without underscores (email_verified is emailVerified); and
 * password or password_hash, the hash. A name nobody knows is refused: what
 * would be lost is better said.
 *
 * Never puts a value into `wrong` but the address: it may be a secret.
 */
#ifndef APP_IMPORT_ROW_H
#define APP_IMPORT_ROW_H

#include "auth/user_import.h"
#include "codec/csv.h"

/* Beside the columns of the table; COLUMN_NONE is a name nobody knows. */
#define IMPORT_PASSWORD (COLUMN_NONE - 1)

/* What the columns of a CSV file mean, by its first record. */
struct import_header {
    size_t columns[CSV_FIELDS_MAX];
    size_t count;
};

struct import_row {
    const struct auth_call *call; /* the row lives in its arena */
    struct column_changes changes;
    struct user_import user;
    struct slice wrong; /* why it is refused, for a person */
};

/* STATUS_INVALID_VALUE and *wrong; that lives in the arena. */
MUST_USE enum status import_header_read(const struct auth *auth,
                                        struct slice record,
                                        struct arena *arena,
                                        struct import_header *out,
                                        struct slice *wrong);

/*
 * STATUS_INVALID_VALUE with row->wrong when the record is not a user. The
 * address is there as soon as it was read.
 */
MUST_USE enum status import_row_csv(struct import_row *row,
                                    const struct import_header *header,
                                    struct slice record);
MUST_USE enum status import_row_json(struct import_row *row,
                                     struct slice record);

#endif
