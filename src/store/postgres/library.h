/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libpq, loaded when a PostgreSQL store is opened: linking it would cost every
 * start of a server on SQLite the libraries behind it
 * (docs/decisions/0009-libpq-on-first-use.md). The only header that includes
 * libpq's.
 *
 * Never unloaded. Set once, before the loops, and only read afterwards.
 */
#ifndef STORE_POSTGRES_LIBRARY_H
#define STORE_POSTGRES_LIBRARY_H

#include "base/status.h"

#include <libpq-fe.h>

/* What is used of it, under its names without "PQ". */
#define POSTGRES_FUNCTIONS(FUNCTION)                                           \
    FUNCTION(clear)                                                            \
    FUNCTION(cmdStatus)                                                        \
    FUNCTION(cmdTuples)                                                        \
    FUNCTION(conninfoFree)                                                     \
    FUNCTION(conninfoParse)                                                    \
    FUNCTION(connectPoll)                                                      \
    FUNCTION(connectStartParams)                                               \
    FUNCTION(connectdbParams)                                                  \
    FUNCTION(consumeInput)                                                     \
    FUNCTION(enterPipelineMode)                                                \
    FUNCTION(errorMessage)                                                     \
    FUNCTION(exec)                                                             \
    FUNCTION(execParams)                                                       \
    FUNCTION(fformat)                                                          \
    FUNCTION(finish)                                                           \
    FUNCTION(flush)                                                            \
    FUNCTION(fname)                                                            \
    FUNCTION(freemem)                                                          \
    FUNCTION(ftype)                                                            \
    FUNCTION(getResult)                                                        \
    FUNCTION(getisnull)                                                        \
    FUNCTION(getlength)                                                        \
    FUNCTION(getvalue)                                                         \
    FUNCTION(isBusy)                                                           \
    FUNCTION(nfields)                                                          \
    FUNCTION(ntuples)                                                          \
    FUNCTION(pipelineSync)                                                     \
    FUNCTION(resultErrorField)                                                 \
    FUNCTION(resultStatus)                                                     \
    FUNCTION(sendPrepare)                                                      \
    FUNCTION(sendQueryParams)                                                  \
    FUNCTION(sendQueryPrepared)                                                \
    FUNCTION(setNoticeProcessor)                                               \
    FUNCTION(setnonblocking)                                                   \
    FUNCTION(socket)                                                           \
    FUNCTION(status)                                                           \
    FUNCTION(transactionStatus)

struct postgres_library {
/* A name cannot stand in parentheses here. NOLINTNEXTLINE */
#define POSTGRES_FIELD(name) __typeof__(&PQ##name) name;
    POSTGRES_FUNCTIONS(POSTGRES_FIELD)
#undef POSTGRES_FIELD
};

extern struct postgres_library pq;

/* STATUS_UNAVAILABLE and one line in the log when it cannot be had. */
MUST_USE enum status postgres_library_load(void);

#endif
