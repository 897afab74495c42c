/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* Operators list proxies, not countries. */
#define NETWORKS_MAX     ((size_t)256)
#define IPV4_PREFIX_BITS 96
#define IPV4_BYTES       4
#define KEY_BYTES        8

static const unsigned char mapped[12] = {0, 0, 0, 0, 0,   0,
                                         0, 0, 0, 0, 255, 255};

static struct client_address from_ipv4(const void *bytes)
{
    struct client_address address;

    memcpy(address.bytes, mapped, sizeof(mapped));
    memcpy(address.bytes + sizeof(mapped), bytes, IPV4_BYTES);
    return address;
}

struct client_address client_address_from_socket(const struct sockaddr *peer)
{
    struct client_address address = {{0}};
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    switch (peer->sa_family) {
    case AF_INET:
        memcpy(&in, peer, sizeof(in));
        return from_ipv4(&in.sin_addr);
    case AF_INET6:
        memcpy(&in6, peer, sizeof(in6));
        memcpy(address.bytes, &in6.sin6_addr, sizeof(address.bytes));
        return address;
    default:
        address.bytes[15] = 1;
        return address;
    }
}

bool client_address_read(struct slice text, struct client_address *out)
{
    char copy[CLIENT_ADDRESS_TEXT_SIZE];
    unsigned char ipv4[4];

    if (text.len >= sizeof(copy) || slice_find(text, '\0') < text.len) {
        return false;
    }
    memcpy(copy, text.ptr == NULL ? "" : text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, ipv4) == 1) {
        *out = from_ipv4(ipv4);
        return true;
    }
    return inet_pton(AF_INET6, copy, out->bytes) == 1;
}

/* inet_ntop() takes sprintf() for it, which costs more than all the rest. */
static struct slice ipv4_text(const unsigned char *bytes, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < IPV4_BYTES; i++) {
        unsigned number = bytes[i];

        if (i > 0) {
            out[len++] = '.';
        }
        if (number >= 100) {
            out[len++] = (char)('0' + number / 100);
        }
        if (number >= 10) {
            out[len++] = (char)('0' + number / 10 % 10);
        }
        out[len++] = (char)('0' + number % 10);
    }
    out[len] = '\0';
    return slice_make(out, len);
}

struct slice client_address_text(const struct client_address *address,
                                 char out[static CLIENT_ADDRESS_TEXT_SIZE])
{
    if (client_address_is_ipv4(address)) {
        return ipv4_text(address->bytes + sizeof(mapped), out);
    }
    return slice_from_cstr(
        inet_ntop(AF_INET6, address->bytes, out, CLIENT_ADDRESS_TEXT_SIZE));
}

bool client_address_equal(const struct client_address *a,
                          const struct client_address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool client_address_is_ipv4(const struct client_address *address)
{
    return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

struct client_address client_address_key(const struct client_address *address)
{
    struct client_address key = *address;

    if (!client_address_is_ipv4(address)) {
        memset(key.bytes + KEY_BYTES, 0, sizeof(key.bytes) - KEY_BYTES);
    }
    return key;
}

/* The address with all bits behind the first `prefix` cleared. */
static struct client_address masked(const struct client_address *address,
                                    unsigned prefix)
{
    struct client_address result = *address;

    for (unsigned i = 0; i < sizeof(result.bytes); i++) {
        unsigned kept = prefix > i * 8 ? prefix - i * 8 : 0;

        if (kept < 8) {
            result.bytes[i] &= (unsigned char)(0xff00U >> kept);
        }
    }
    return result;
}

/* NULL, or what is wrong with the entry. */
static const char *read_network(struct slice text, struct network *out)
{
    size_t slash = slice_find(text, '/');
    unsigned unused;
    uint64_t prefix;
    struct client_address base;

    if (!client_address_read(slice_head(text, slash), &out->base)) {
        return "is not an IP address";
    }
    unused = client_address_is_ipv4(&out->base) ? IPV4_PREFIX_BITS : 0;
    prefix = 128 - unused;
    if (slash < text.len &&
        !slice_to_u64(slice_from(text, slash + 1), prefix, &prefix)) {
        return unused > 0 ? "has a prefix that is not 0 to 32"
                          : "has a prefix that is not 0 to 128";
    }
    out->prefix = (unsigned)prefix + unused;
    base = masked(&out->base, out->prefix);
    if (!client_address_equal(&base, &out->base)) {
        return "has bits set behind its prefix";
    }
    return NULL;
}

enum status network_list_parse(struct arena *arena, struct slice text,
                               struct slice *problem, struct network_list *out)
{
    struct slice rest = slice_trim(text);
    struct network *networks;
    struct slice part;
    size_t count = 0;

    *out = (struct network_list){NULL, 0};
    if (rest.len == 0) {
        return STATUS_OK;
    }
    networks = arena_alloc(arena, NETWORKS_MAX * sizeof(*networks));
    TRY_ALLOC(networks);
    while (slice_split(&rest, ',', &part)) {
        const char *wrong = "is one network too many";

        part = slice_trim(part);
        if (count < NETWORKS_MAX) {
            wrong = read_network(part, &networks[count]);
        }
        if (wrong != NULL) {
            TRY(arena_format(arena, problem, "\"%.*s\" %s",
                             SLICE_ARG(slice_head(part, 64)), wrong));
            return STATUS_INVALID_VALUE;
        }
        count++;
    }
    *out = (struct network_list){networks, count};
    return STATUS_OK;
}

static bool contains(const struct network *network,
                     const struct client_address *address)
{
    struct client_address base = masked(address, network->prefix);

    return client_address_equal(&base, &network->base) &&
           (network->prefix >= IPV4_PREFIX_BITS ||
            !client_address_is_ipv4(address));
}

bool network_list_contains(const struct network_list *list,
                           const struct client_address *address)
{
    for (size_t i = 0; i < list->count; i++) {
        if (contains(&list->networks[i], address)) {
            return true;
        }
    }
    return false;
}
