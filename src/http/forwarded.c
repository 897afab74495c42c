/* SPDX-License-Identifier: Apache-2.0 */
#include "http/forwarded.h"

/* Takes the last entry off *rest, whose ptr is NULL after the first one. */
static struct slice take_last(struct slice *rest)
{
    size_t at = rest->len;
    struct slice part;

    while (at > 0 && rest->ptr[at - 1] != ',') {
        at--;
    }
    part = slice_trim(slice_from(*rest, at));
    *rest = at > 0 ? slice_head(*rest, at - 1) : slice_make(NULL, 0);
    return part;
}

/* ":" and 1 to 5 digits, or nothing. */
static bool is_port(struct slice text)
{
    if (text.len == 1 || text.len > 6 || (text.len > 0 && text.ptr[0] != ':')) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        if (!ascii_is_digit(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool read_entry(struct slice entry, struct client_address *out)
{
    size_t colon = slice_find(entry, ':');
    size_t bracket = slice_find(entry, ']');

    if (slice_starts_with(entry, SLICE("["))) {
        return colon < bracket && bracket < entry.len &&
               is_port(slice_from(entry, bracket + 1)) &&
               client_address_read(slice_from(slice_head(entry, bracket), 1),
                                   out);
    }
    if (slice_find(entry, '.') < colon) {
        return is_port(slice_from(entry, colon)) &&
               client_address_read(slice_head(entry, colon), out);
    }
    return client_address_read(entry, out);
}

struct client_address forwarded_client(const struct client_address *peer,
                                       const struct network_list *trusted,
                                       const struct slice *fields, size_t count)
{
    struct client_address client = *peer;
    struct slice rest = slice_make(NULL, 0);
    int hops = 0;

    while (hops++ < FORWARDED_HOPS_MAX &&
           network_list_contains(trusted, &client)) {
        struct client_address next;

        if (rest.ptr == NULL && count == 0) {
            break;
        }
        if (rest.ptr == NULL) {
            rest = fields[--count];
        }
        if (!read_entry(take_last(&rest), &next)) {
            break;
        }
        client = next;
    }
    return client;
}

bool forwarded_is_https(const struct client_address *peer,
                        const struct network_list *trusted, struct slice proto)
{
    return network_list_contains(trusted, peer) &&
           slice_equal_nocase(slice_trim(proto), SLICE("https"));
}
