/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Five lines are the five fields. What matches strongly matches weakly too,
 * and a date that reads is written and read again as the same second.
 */
#include "fuzz.h"

#include "http/conditional.h"
#include "http/date.h"

static const struct validator current = {SLICE_INIT("\"abc\""), 784111777};

static void check_date(struct slice text)
{
    char out[HTTP_DATE_SIZE];
    int64_t seconds;
    int64_t again;

    if (http_date_read(text, &seconds) && seconds >= 0 &&
        seconds <= 253402300799) {
        http_date_write(seconds, out);
        must(http_date_read(slice_make(out, sizeof(out)), &again));
        must(again == seconds);
    }
}

static void check_list(struct slice list)
{
    struct conditional match = {.if_match = list};
    struct conditional none = {.if_none_match = list};

    if (conditional_evaluate(&match, true, &current) == CONDITIONAL_SERVE) {
        must(conditional_evaluate(&none, true, &current) ==
             CONDITIONAL_NOT_MODIFIED);
        must(conditional_evaluate(&none, false, &current) ==
             CONDITIONAL_FAILED);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct slice lines[5] = {{NULL, 0}};
    struct conditional fields;

    for (size_t i = 0; i < 5 && slice_split(&rest, '\n', &lines[i]); i++) {
        check_date(lines[i]);
        if (lines[i].ptr != NULL) {
            check_list(lines[i]);
        }
    }
    fields =
        (struct conditional){lines[0], lines[1], lines[2], lines[3], lines[4]};
    must(conditional_evaluate(&fields, false, &current) !=
         CONDITIONAL_NOT_MODIFIED);
    (void)conditional_evaluate(&fields, true, &current);
    must(!conditional_range_holds(&fields, &current) ||
         fields.if_range.ptr == NULL ||
         slice_contains(fields.if_range, current.etag));
    return 0;
}
