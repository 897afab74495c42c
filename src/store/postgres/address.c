/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postgres/address.h"

#include "base/buf.h"
#include "store/postgres/library.h"

#include <arpa/inet.h>

#define URL_MAX ((size_t)4096)

/* A peer that is silently gone is noticed in about 45 s, also when idle. */
static const char *const fixed[][2] = {
    {"application_name", "bookplate"}, {"client_encoding", "UTF8"},
    {"gssencmode", "disable"},         {"keepalives", "1"},
    {"keepalives_idle", "30"},         {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
};

enum status postgres_options_set(struct postgres_options *options,
                                 const char *keyword, const char *value)
{
    size_t at = 0;

    while (at < options->count && strcmp(options->keywords[at], keyword) != 0) {
        at++;
    }
    if (at == POSTGRES_OPTIONS_MAX) {
        return STATUS_TOO_LARGE;
    }
    options->keywords[at] = keyword;
    options->values[at] = value;
    if (at == options->count) {
        options->count++;
        options->keywords[options->count] = NULL;
        options->values[options->count] = NULL;
    }
    return STATUS_OK;
}

static const char *find_option(const struct postgres_options *options,
                               const char *keyword)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->keywords[i], keyword) == 0) {
            return options->values[i];
        }
    }
    return NULL;
}

/* One option of the query: ours is taken out, the others stay. */
static enum status add_option(struct buf *to, struct slice option,
                              struct postgres_address *out)
{
    if (!slice_starts_with(option, SLICE("prepare="))) {
        /* The first mark after the path is "?", all others "&". */
        buf_add_byte(to,
                     slice_contains(slice_make(to->bytes, to->len), SLICE("?"))
                         ? '&'
                         : '?');
        buf_add(to, option);
        return STATUS_OK;
    }
    out->unnamed = slice_equal(option, SLICE("prepare=off"));
    return out->unnamed || slice_equal(option, SLICE("prepare=on"))
               ? STATUS_OK
               : STATUS_INVALID_VALUE;
}

/* The URL for libpq, with a NUL behind it. */
static enum status take_own_options(struct slice url, struct arena *arena,
                                    struct postgres_address *out,
                                    struct slice *rest)
{
    size_t mark = slice_find(url, '?');
    struct slice query = slice_from(url, mark + 1);
    struct slice option;
    struct buf buf;

    buf_init(&buf, arena, URL_MAX);
    buf_add(&buf, slice_head(url, mark));
    while (query.len > 0 && slice_split(&query, '&', &option)) {
        TRY(add_option(&buf, option, out));
    }
    buf_add_byte(&buf, '\0');
    return buf_finish(&buf, rest);
}

static enum status copy_options(const PQconninfoOption *given,
                                struct arena *arena,
                                struct postgres_options *out)
{
    for (; given->keyword != NULL; given++) {
        struct slice keyword, value;

        if (given->val == NULL) {
            continue;
        }
        TRY(slice_dup(arena, slice_from_cstr(given->keyword), &keyword));
        TRY(slice_dup(arena, slice_from_cstr(given->val), &value));
        TRY(postgres_options_set(out, keyword.ptr, value.ptr));
    }
    return STATUS_OK;
}

static enum status read_url(const char *url, struct arena *arena,
                            struct postgres_options *out)
{
    char *message = NULL; /* not to be shown: it may quote the password */
    PQconninfoOption *given = pq.conninfoParse(url, &message);
    enum status status;

    if (given == NULL) {
        pq.freemem(message);
        return STATUS_INVALID_VALUE;
    }
    status = copy_options(given, arena, out);
    pq.conninfoFree(given);
    return status;
}

static bool is_name(struct slice host)
{
    unsigned char address[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN + 1];

    if (host.len == 0 || host.ptr[0] == '/' || host.ptr[0] == '@') {
        return false; /* a socket in the file system */
    }
    if (host.len >= sizeof(text)) {
        return true;
    }
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET, text, address) != 1 &&
           inet_pton(AF_INET6, text, address) != 1;
}

static enum status read_hosts(struct postgres_address *address)
{
    const char *host = find_option(&address->options, "host");
    const char *port = find_option(&address->options, "port");
    struct slice rest, one;

    address->host = host == NULL ? SLICE_EMPTY : slice_from_cstr(host);
    address->port = port == NULL ? SLICE_EMPTY : slice_from_cstr(port);
    rest = address->host;
    while (slice_split(&rest, ',', &one)) {
        address->has_names = address->has_names || is_name(one);
        address->host_count++;
    }
    /* Who gives addresses wants no look-up. */
    if (find_option(&address->options, "hostaddr") != NULL) {
        address->has_names = false;
    }
    return address->host_count <= POSTGRES_HOSTS_MAX ? STATUS_OK
                                                     : STATUS_TOO_LARGE;
}

static enum status add_fixed(struct postgres_options *options,
                             int64_t timeout_ms, struct arena *arena)
{
    struct slice text;

    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        TRY(postgres_options_set(options, fixed[i][0], fixed[i][1]));
    }
    /* Bytes nobody acknowledges for longer than a request waits. */
    TRY(arena_format(arena, &text, "%lld", (long long)timeout_ms + 1000));
    return postgres_options_set(options, "tcp_user_timeout", text.ptr);
}

enum status postgres_address_parse(struct slice url, int64_t timeout_ms,
                                   struct arena *arena, struct slice *why,
                                   struct postgres_address *out)
{
    struct slice rest;

    *out = (struct postgres_address){0};
    *why = SLICE("its option prepare is neither on nor off, or it is longer "
                 "than 4096 bytes");
    TRY(take_own_options(url, arena, out, &rest));
    *why = SLICE("it is not a URL that PostgreSQL's clients can read");
    TRY(read_url(rest.ptr, arena, &out->options));
    TRY(add_fixed(&out->options, timeout_ms, arena));
    *why = SLICE("it names more than 16 servers");
    return read_hosts(out);
}
