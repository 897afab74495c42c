/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator sees of an import: how far it is, which lines were refused
 * and why, and what came of it.
 *
 * Refused lines come in the order of the file, although many are at work at
 * once: one waits until no earlier line is. Progress goes to standard error:
 * a bar on a terminal, a line each five seconds elsewhere.
 */
#ifndef APP_IMPORT_REPORT_H
#define APP_IMPORT_REPORT_H

#include "base/slice.h"
#include "base/status.h"

#include <stdio.h>

/* What waits for an earlier line; past that the order is given up. */
#define IMPORT_REFUSALS_MAX ((size_t)512)
/* Of one reason, cut beyond it. */
#define IMPORT_REASON_MAX ((size_t)384)

struct import_refusal {
    int64_t line;
    char text[IMPORT_REASON_MAX];
};

struct import_report {
    FILE *out; /* where refused lines go */
    bool is_terminal;
    bool shown; /* a bar stands there */
    int64_t started_ms;
    int64_t next_ms;
    int64_t imported;
    int64_t existing;
    int64_t refused;
    struct import_refusal *waiting; /* by line */
    size_t waiting_count;
};

/* `name`: a file, or empty for standard error. STATUS_UNAVAILABLE, errno. */
MUST_USE enum status import_report_open(struct slice name,
                                        struct import_report *out);
/* What waits is written. STATUS_UNAVAILABLE when it could not be. */
MUST_USE enum status import_report_close(struct import_report *report);

/* `before`: no line up to it is still at work. */
void import_report_refuse(struct import_report *report, int64_t line,
                          struct slice address, struct slice reason);
void import_report_flush(struct import_report *report, int64_t before);

/* Shows how far it is, if it is time; `total` 0 is unknown. */
void import_report_progress(struct import_report *report, int64_t taken,
                            int64_t total);

#endif
