/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's further fields of users and sessions, read from a body by
 * their declared types: stricter than the original, which stores whatever the
 * database takes. Plugins' columns are fields nobody may set.
 */
#ifndef API_BETTER_AUTH_FIELDS_H
#define API_BETTER_AUTH_FIELDS_H

#include "api/better_auth/visit.h"
#include "auth/user.h"

enum fields_for {
    FIELDS_CREATE, /* what is required must be there */
    FIELDS_UPDATE
};

/*
 * Unknown members are passed over. MISSING_FIELD, FIELD_NOT_ALLOWED,
 * VALIDATION_ERROR, each naming the field.
 */
MUST_USE enum status fields_read(struct visit *visit, enum table_id table,
                                 enum fields_for what,
                                 struct column_changes *out);
/*
 * What an administrator sets of a user: any column out of `object` but the id,
 * the address, the roles and when the row was changed.
 */
MUST_USE enum status fields_read_user(struct visit *visit,
                                      const struct json *object,
                                      struct column_changes *out);

/* A name or the address of a picture, at most so long. */
#define FIELDS_NAME_MAX  ((size_t)8192)
#define FIELDS_IMAGE_MAX ((size_t)2048)
MUST_USE enum status fields_check_name(struct visit *visit, struct slice name);
MUST_USE enum status fields_check_image(struct visit *visit,
                                        struct slice image);

#endif
