/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/blocklist.h"

#include <zxcvbn.h>

/*
 * The estimate's cost grows with the square and more of the length: 0.4 ms
 * for 32 bytes, 14 ms for 128. What is common within its first 32 is refused
 * whatever follows; so is "aaaa...".
 */
#define LOOKED_AT ((size_t)32)

/*
 * 65536 guesses: more than anybody gets past the limits on guessing, and few
 * enough that nobody is told no who thought of two words. Of the three
 * thousand most common passwords 49 of at least 8 letters take more, so they
 * stand in blocklist.def; of random ones of 12 letters none takes fewer than
 * 2^39.
 */
#define BITS_MIN 16.0

static const struct slice further[] = {
#define COMMON(text) SLICE_INIT(text),
#include "auth/blocklist.def"
#undef COMMON
};

static bool is_further(struct slice password)
{
    for (size_t i = 0; i < sizeof(further) / sizeof(*further); i++) {
        if (slice_equal_nocase(password, further[i])) {
            return true;
        }
    }
    return false;
}

/* One entry of the dictionary from end to end, however its letters stand. */
static bool is_entry(const ZxcMatch_t *match)
{
    return match != NULL && match->Next == NULL &&
           match->Type == DICTIONARY_MATCH;
}

static bool is_guessed(const char *text)
{
    ZxcMatch_t *matches = NULL;
    double bits = ZxcvbnMatch(text, NULL, &matches);
    bool guessed = bits < BITS_MIN || is_entry(matches);

    ZxcvbnFreeInfo(matches);
    return guessed;
}

bool blocklist_has(struct slice password)
{
    struct slice head = slice_head(password, LOOKED_AT);
    char text[LOOKED_AT + 1];

    /* The library would take a NUL for the end. */
    if (head.len == 0 || slice_find(head, '\0') < head.len) {
        return false;
    }
    memcpy(text, head.ptr, head.len);
    text[head.len] = '\0';
    return is_further(password) || is_guessed(text);
}
