/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

struct status_row {
    int http;
    struct slice code;
    struct slice text;
};

static const struct status_row rows[STATUS_COUNT] = {
#define STATUS(name, http, code, text)                                         \
    [STATUS_##name] = {http, SLICE_INIT(code), SLICE_INIT(text)},
#include "base/status.def"
#undef STATUS
};

static const struct status_row *row(enum status status)
{
    return &rows[(unsigned)status < STATUS_COUNT ? status : STATUS_INTERNAL];
}

int status_http(enum status status)
{
    return row(status)->http;
}

struct slice status_code(enum status status)
{
    return row(status)->code;
}

struct slice status_text(enum status status)
{
    return row(status)->text;
}
