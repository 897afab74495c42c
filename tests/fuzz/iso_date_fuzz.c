/* SPDX-License-Identifier: Apache-2.0 */
/* What is read as a date prints as one, which reads as the same moment. */
#include "fuzz.h"

#include "codec/iso_date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_make(data, size);
    char bytes[ISO_DATE_SIZE];
    struct slice printed = slice_make(bytes, sizeof(bytes));
    int64_t ms = 0;
    int64_t again = 0;

    if (iso_date_parse(in, &ms) != STATUS_OK) {
        return 0;
    }
    iso_date_print(ms, bytes);
    must_be_ok(iso_date_parse(printed, &again));
    /* Only an offset leads out of the years that have a form. */
    must(again == ms || slice_contains(in, SLICE("+")) ||
         slice_contains(slice_from(in, 10), SLICE("-")));
    return 0;
}
