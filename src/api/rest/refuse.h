/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a status to the plain API's error answer:
 * {"error":{"code","message","fields"?}}.
 */
#ifndef API_REST_REFUSE_H
#define API_REST_REFUSE_H

#include "api/rest/rest.h"

/* The status the plain API has for one of the account floors. */
enum status rest_status(enum status status);

/* Fills the answer; STATUS_OK, or what only the server can answer. */
enum status rest_refuse_with(struct rest *rest, enum status status);

#endif
