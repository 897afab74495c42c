/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/session_cache_cookie.h"

#include "auth/session_cache.h"
#include "auth/signed.h"

static enum status name_chunk(struct slice name, size_t index,
                              struct arena *arena, struct slice *out)
{
    return arena_format(arena, out, "%.*s.%zu", SLICE_ARG(name), index);
}

/*
 * What is left for a value when its name is the longest there is: the original
 * measures all of them, and the whole one too, by that.
 */
static enum status measure_room(struct slice name,
                                const struct cookie_attributes *attributes,
                                struct arena *arena, size_t *room)
{
    struct cookie longest = {.value = SLICE_EMPTY};
    struct buf buf;

    TRY(name_chunk(name, SESSION_CACHE_CHUNKS_MAX - 1, arena, &longest.name));
    buf_init(&buf, arena, SESSION_CACHE_COOKIE_LIMIT);
    TRY(cookie_write(&buf, longest, attributes));
    *room = SESSION_CACHE_COOKIE_LIMIT - buf.len;
    return STATUS_OK;
}

static enum status new_list(size_t count, struct arena *arena,
                            struct cookies *out)
{
    *out = (struct cookies){arena_alloc(arena, count * sizeof(*out->all)), 0};
    return out->all == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status session_cache_split(struct cookie whole,
                                const struct cookie_attributes *attributes,
                                struct arena *arena, struct cookies *out)
{
    size_t room;
    size_t count;

    TRY(measure_room(whole.name, attributes, arena, &room));
    if (room == 0 || whole.value.len > room * SESSION_CACHE_CHUNKS_MAX) {
        return STATUS_TOO_LARGE;
    }
    count = (whole.value.len + room - 1) / room;
    TRY(new_list(count == 0 ? 1 : count, arena, out));
    if (count <= 1) {
        out->all[out->count++] = whole;
        return STATUS_OK;
    }
    for (size_t i = 0; i < count; i++) {
        struct cookie *chunk = &out->all[out->count++];

        TRY(name_chunk(whole.name, i, arena, &chunk->name));
        chunk->value = slice_head(slice_from(whole.value, i * room), room);
    }
    return STATUS_OK;
}

/* NAME.INDEX, the index as the original spells it. */
static bool is_chunk(struct slice cookie, struct slice name, size_t *index)
{
    uint64_t number;

    if (!slice_starts_with(cookie, name) || cookie.len < name.len + 2 ||
        cookie.ptr[name.len] != '.' ||
        !slice_to_u64(slice_from(cookie, name.len + 1),
                      SESSION_CACHE_CHUNKS_MAX - 1, &number)) {
        return false;
    }
    *index = (size_t)number;
    return true;
}

/* The chunks in the order of their numbers, not of the header. */
static bool collect(const struct cookies *request, struct slice name,
                    struct slice values[SESSION_CACHE_CHUNKS_MAX])
{
    bool found = false;
    size_t index;

    for (size_t i = 0; i < request->count; i++) {
        if (is_chunk(request->all[i].name, name, &index)) {
            values[index] = request->all[i].value;
            found = true;
        }
    }
    return found;
}

enum status session_cache_join(const struct cookies *request, struct slice name,
                               struct arena *arena, struct slice *out)
{
    struct slice values[SESSION_CACHE_CHUNKS_MAX] = {{NULL, 0}};
    struct slice joined;
    struct buf buf;

    if (cookie_find(request, name, &joined) && joined.len > 0) {
        return signed_decode(joined, arena, out);
    }
    if (!collect(request, name, values)) {
        return STATUS_NOT_FOUND;
    }
    buf_init(&buf, arena, SESSION_CACHE_LIMIT);
    for (size_t i = 0; i < SESSION_CACHE_CHUNKS_MAX; i++) {
        buf_add(&buf, values[i]);
    }
    TRY(buf_finish(&buf, &joined));
    return signed_decode(joined, arena, out);
}

enum status session_cache_stale(const struct cookies *request,
                                struct slice name, const struct cookies *fresh,
                                struct arena *arena, struct cookies *out)
{
    struct slice value;
    size_t index;

    TRY(new_list(request->count + 1, arena, out));
    for (size_t i = 0; i < request->count; i++) {
        struct slice seen = request->all[i].name;

        if ((slice_equal(seen, name) || is_chunk(seen, name, &index)) &&
            !cookie_find(fresh, seen, &value)) {
            out->all[out->count++] = (struct cookie){seen, SLICE_EMPTY};
        }
    }
    return STATUS_OK;
}
