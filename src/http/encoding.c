/* SPDX-License-Identifier: Apache-2.0 */
#include "http/encoding.h"

#define UNSAID  (-1)
#define ANY     ENCODING_COUNT /* the place of "*" */
#define UNKNOWN (ENCODING_COUNT + 1)

static const struct slice names[ENCODING_COUNT] = {
    [ENCODING_IDENTITY] = SLICE_INIT("identity"),
    [ENCODING_GZIP] = SLICE_INIT("gzip"),
    [ENCODING_BR] = SLICE_INIT("br"),
};

struct slice encoding_name(enum encoding encoding)
{
    return names[encoding];
}

static unsigned coding_of(struct slice name)
{
    for (unsigned i = 0; i < ENCODING_COUNT; i++) {
        if (slice_equal_nocase(name, names[i])) {
            return i;
        }
    }
    if (slice_equal_nocase(name, SLICE("x-gzip"))) {
        return ENCODING_GZIP; /* RFC 9110 section 8.4.1.3 */
    }
    return slice_equal(name, SLICE("*")) ? ANY : UNKNOWN;
}

/* A qvalue in thousandths: 0 to 1 with at most three decimals. */
static bool read_weight(struct slice text, int *weight)
{
    int value;

    if (text.len < 1 || text.len > 5 ||
        (text.ptr[0] != '0' && text.ptr[0] != '1') ||
        (text.len > 1 && text.ptr[1] != '.')) {
        return false;
    }
    value = text.ptr[0] - '0';
    for (size_t i = 2; i < 5; i++) {
        char digit = i < text.len ? text.ptr[i] : '0';

        if (!ascii_is_digit(digit)) {
            return false;
        }
        value = value * 10 + (digit - '0');
    }
    *weight = value;
    return value <= 1000;
}

/* coding [ OWS ";" OWS "q=" qvalue ], already trimmed. */
static bool read_part(struct slice part, int weights[ENCODING_COUNT + 2])
{
    size_t semicolon = slice_find(part, ';');
    struct slice name = slice_trim(slice_head(part, semicolon));
    struct slice parameter = slice_trim(slice_from(part, semicolon + 1));
    unsigned coding = coding_of(name);
    int weight = 1000;

    if (name.len == 0) {
        return part.len == 0; /* a list may have empty members */
    }
    if (semicolon < part.len &&
        (!slice_equal_nocase(slice_head(parameter, 2), SLICE("q=")) ||
         !read_weight(slice_from(parameter, 2), &weight))) {
        return false;
    }
    /* Said twice: the more reluctant word counts. */
    if (weights[coding] == UNSAID || weight < weights[coding]) {
        weights[coding] = weight;
    }
    return true;
}

/* What nobody named is as good as "*" says; plain is else just acceptable. */
static int weight_of(const int weights[ENCODING_COUNT + 2], unsigned coding)
{
    int weight = weights[coding] != UNSAID ? weights[coding] : weights[ANY];

    return weight == UNSAID ? 0 : weight;
}

enum encoding encoding_choose(struct slice accept, unsigned available)
{
    int weights[ENCODING_COUNT + 2] = {UNSAID, UNSAID, UNSAID, UNSAID, UNSAID};
    enum encoding best = ENCODING_IDENTITY;
    struct slice rest = accept;
    struct slice part;

    while (slice_split(&rest, ',', &part)) {
        if (!read_part(slice_trim(part), weights)) {
            return ENCODING_IDENTITY;
        }
    }
    for (unsigned i = ENCODING_GZIP; i < ENCODING_COUNT; i++) {
        int weight = weight_of(weights, i);

        if ((available & (1U << i)) != 0 && weight > 0 &&
            weight >= weight_of(weights, best)) {
            best = (enum encoding)i;
        }
    }
    return best;
}
