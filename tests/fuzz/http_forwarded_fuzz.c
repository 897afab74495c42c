/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is a list of networks, the others are X-Forwarded-For. An
 * address that is not trusted stays the answer whatever stands before it, and
 * every answer prints and reads back.
 */
#include "fuzz.h"

#include "http/forwarded.h"

#define FIELDS_MAX 8

static const struct client_address peer = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1}};

static void check_text_form(const struct client_address *address)
{
    char text[CLIENT_ADDRESS_TEXT_SIZE];
    struct client_address again;

    must(client_address_read(client_address_text(address, text), &again));
    must(client_address_equal(address, &again));
}

static void check_walk(const struct network_list *trusted, struct slice *fields,
                       size_t count)
{
    struct client_address client =
        forwarded_client(&peer, trusted, fields + 1, count);
    struct client_address with_forged;

    check_text_form(&client);
    fields[0] = SLICE("203.0.113.9");
    with_forged = forwarded_client(&peer, trusted, fields, count + 1);
    must(network_list_contains(trusted, &client) ||
         client_address_equal(&client, &with_forged));
    must(network_list_contains(trusted, &peer) ||
         client_address_equal(&client, &peer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_make(data, size);
    struct slice fields[FIELDS_MAX + 1];
    struct network_list trusted = {NULL, 0};
    struct slice problem;
    struct slice networks = SLICE_EMPTY;
    struct arena arena;
    size_t count = 0;

    arena_init(&arena, FUZZ_ARENA);
    (void)slice_split(&rest, '\n', &networks);
    while (count < FIELDS_MAX && slice_split(&rest, '\n', &fields[count + 1])) {
        count++;
    }
    if (network_list_parse(&arena, networks, &problem, &trusted) == STATUS_OK) {
        check_walk(&trusted, fields, count);
    }
    arena_release(&arena);
    return 0;
}
