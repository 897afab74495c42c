/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head_parts.h"

#include "http/chars.h"

/* `lower` has the length of `name`; "_" counts as "-". */
static bool name_resembles(struct slice name, const char *lower)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i] == '_' ? '-' : ascii_lower(name.ptr[i]);

        if (c != lower[i]) {
            return false;
        }
    }
    return true;
}

static enum field_kind kind_if(struct slice name, const char *lower,
                               enum field_kind kind)
{
    if (!name_resembles(name, lower)) {
        return FIELD_OTHER;
    }
    return slice_find(name, '_') < name.len ? FIELD_DISGUISED : kind;
}

enum field_kind field_kind_of(struct slice name)
{
    switch (name.len) {
    case 4:
        return kind_if(name, "host", FIELD_HOST);
    case 6:
        return kind_if(name, "expect", FIELD_EXPECT);
    case 10:
        return kind_if(name, "connection", FIELD_CONNECTION);
    case 14:
        return kind_if(name, "content-length", FIELD_LENGTH);
    case 17:
        return kind_if(name, "transfer-encoding", FIELD_CODING);
    default:
        return FIELD_OTHER;
    }
}

/* RFC 9112 section 3.2: exactly one, and valid. */
static enum status host_read(struct head_parser *parser, struct slice value,
                             struct http_head *head)
{
    if (parser->has_host || !authority_is_valid(value)) {
        return STATUS_BAD_REQUEST;
    }
    parser->has_host = true;
    head->host = value;
    return STATUS_OK;
}

/*
 * RFC 9112 section 6.3 would let "5, 5" and equal repeats pass; who sends
 * them is broken, or hopes that a proxy reads them another way.
 */
static enum status length_read(struct slice value, struct http_head *head)
{
    if (head->has_length ||
        !slice_to_u64(value, HTTP_LENGTH_MAX, &head->content_length)) {
        return STATUS_BAD_REQUEST;
    }
    head->has_length = true;
    return STATUS_OK;
}

/*
 * "chunked" alone. A coding below it is one we do not have (501, RFC 9112
 * section 6.1); when it is not the last, the end is unknowable (400, 6.3).
 */
static enum status coding_read(struct head_parser *parser, struct slice value,
                               struct http_head *head)
{
    struct slice last = SLICE_EMPTY;
    struct slice rest = value;

    if (parser->has_coding) {
        return STATUS_BAD_REQUEST;
    }
    parser->has_coding = true;
    head->chunked = slice_equal_nocase(value, SLICE("chunked"));
    if (head->chunked) {
        return STATUS_OK;
    }
    while (slice_split(&rest, ',', &last)) {
    }
    return slice_equal_nocase(slice_trim(last), SLICE("chunked"))
               ? STATUS_NOT_IMPLEMENTED
               : STATUS_BAD_REQUEST;
}

/* #connection-option; empty elements are allowed, RFC 9110 section 5.6.1. */
static enum status connection_read(struct head_parser *parser,
                                   struct slice value)
{
    struct slice option;

    while (slice_split(&value, ',', &option)) {
        option = slice_trim(option);
        if (http_chars_run(option, HTTP_CHAR_TOKEN) < option.len) {
            return STATUS_BAD_REQUEST;
        }
        if (slice_equal_nocase(option, SLICE("close"))) {
            parser->wants_close = true;
        }
        if (slice_equal_nocase(option, SLICE("keep-alive"))) {
            parser->wants_keep = true;
        }
    }
    return STATUS_OK;
}

static enum status expect_read(struct head_parser *parser, struct slice value)
{
    if (parser->has_expect ||
        !slice_equal_nocase(value, SLICE("100-continue"))) {
        return STATUS_EXPECTATION_FAILED;
    }
    parser->has_expect = true;
    return STATUS_OK;
}

static enum status framing_read(struct head_parser *parser,
                                const struct http_field *field,
                                struct http_head *head)
{
    switch (field_kind_of(field->name)) {
    case FIELD_HOST:
        return host_read(parser, field->value, head);
    case FIELD_LENGTH:
        return length_read(field->value, head);
    case FIELD_CODING:
        return coding_read(parser, field->value, head);
    case FIELD_CONNECTION:
        return connection_read(parser, field->value);
    case FIELD_EXPECT:
        return expect_read(parser, field->value);
    case FIELD_DISGUISED:
        return STATUS_BAD_REQUEST;
    case FIELD_OTHER:
        break;
    }
    return STATUS_OK;
}

/*
 * field-name ":" OWS field-value OWS, RFC 9112 section 5. A line that starts
 * with a blank (obs-fold) has no name, and a blank before the colon is in
 * none, so the one check refuses both.
 */
enum status head_field_read(struct head_parser *parser, struct slice line,
                            struct http_head *head)
{
    size_t len = http_chars_run(line, HTTP_CHAR_TOKEN);
    struct http_field *field;

    if (len == 0 || len == line.len || line.ptr[len] != ':') {
        return STATUS_BAD_REQUEST;
    }
    if (head->field_count == HTTP_FIELDS_MAX) {
        return STATUS_HEADERS_TOO_LARGE;
    }
    field = &head->fields[head->field_count++];
    field->name = slice_head(line, len);
    field->value = slice_trim(slice_from(line, len + 1));
    return framing_read(parser, field, head);
}

enum status head_fields_settle(const struct head_parser *parser,
                               struct http_head *head)
{
    bool is_absolute = parser->authority.len > 0;

    /* RFC 9112 section 6.1: both, or a coding in 1.0, smells of smuggling. */
    if (head->chunked && (head->has_length || head->minor == 0)) {
        return STATUS_BAD_REQUEST;
    }
    if (!parser->has_host && head->minor == 1) {
        return STATUS_BAD_REQUEST;
    }
    /* RFC 9112 section 3.2.2 ignores Host then; a proxy may have not. */
    if (is_absolute && parser->has_host &&
        !slice_equal_nocase(parser->authority, head->host)) {
        return STATUS_BAD_REQUEST;
    }
    if (is_absolute) {
        head->host = parser->authority;
    }
    head->keep_alive =
        !parser->wants_close && (head->minor == 1 || parser->wants_keep);
    /* RFC 9110 section 10.1.1: ignored in 1.0 and without a body. */
    head->expect_continue = parser->has_expect && head->minor == 1 &&
                            (head->chunked || head->content_length > 0);
    return STATUS_OK;
}
