// SPDX-License-Identifier: Apache-2.0
// The differences from the original that are meant, each as narrow as it can
// be said: `forgives` sees one differing field of one answer, with the whole
// answers and the request beside it. The table "Accepted differences" of
// docs/protocol.md has the same rows in the same order.

const EXPOSED = 'set-auth-token, set-auth-jwt, x-retry-after, retry-after';
const BAD_JSON =
  '{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}';

const isPath = ({ request }, path) =>
  request !== null && request.target.split('?')[0] === `/api/auth${path}`;

/** The whole answer is another: status, text and what hangs on them. */
const answers = (about, status, body) =>
  about.oursAnswer.status === status && body.test(about.oursAnswer.body);

const ROWS = {
  'exposed-headers': ({ field, original = '', ours }) =>
    field === 'header access-control-expose-headers' &&
    ours === EXPOSED &&
    original
      .split(', ')
      .every((name) => name === '' || EXPOSED.split(', ').includes(name)),

  'no-store': ({ field, original, ours }) =>
    field === 'header cache-control' &&
    original === undefined &&
    ours === 'no-store',

  'retry-after': ({ field, original, oursAnswer }) =>
    field === 'header retry-after' &&
    original === undefined &&
    oursAnswer.status === 429,

  'body-limit': (about) =>
    ['status', 'body', 'cookies'].includes(about.field) &&
    answers(about, 413, /"CONTENT_TOO_LARGE"/) &&
    JSON.stringify(about.request.body).length > 65_536,

  'strict-json': (about) =>
    (about.scenario === 'broken-json' || / deep$/.test(about.name)) &&
    ['status', 'body'].includes(about.field) &&
    about.oursAnswer.status === 400 &&
    about.oursAnswer.body === BAD_JSON,

  'no-content-type': (about) =>
    about.scenario === 'content-types' &&
    ['status', 'body', 'cookies'].includes(about.field) &&
    answers(about, 415, /"Content-Type is required\. Allowed types: /) &&
    !about.request.fields.some(([name]) => name === 'Content-Type'),

  'error-page': (about) =>
    isPath(about, '/error') &&
    about.originalAnswer.body.startsWith('<!DOCTYPE html>') &&
    about.oursAnswer.body.startsWith('<!doctype html>') &&
    (about.field === 'body' ||
      (about.field === 'header content-type' &&
        about.ours === 'text/html; charset=utf-8')),

  'strict-fields': (about) =>
    about.scenario.startsWith('fields-untyped') &&
    answers(about, 400, /"code":"VALIDATION_ERROR"/),

  'socket-address': ({ scenario, field, original, ours }) =>
    scenario.startsWith('addresses') &&
    field === 'body' &&
    original.replace(/"ipAddress":"[^"]*"/g, '') ===
      ours.replace(/"ipAddress":"127\.0\.0\.1"/g, ''),

  'older-secrets': ({ scenario, name }) =>
    scenario === 'secrets' && name.startsWith('an older'),

  'mail-token-user': (about) =>
    about.scenario === 'verify-email' &&
    about.name.startsWith('another user id') &&
    (about.oursAnswer.body.includes('"INVALID_USER"') ||
      about.ours?.endsWith('&error=INVALID_USER')),

  'no-dot-segments': (about) =>
    about.scenario === 'routes' &&
    /\/\.\.?\//.test(about.request.target) &&
    [400, 404].includes(about.oursAnswer.status),
};

export const ACCEPTED = Object.entries(ROWS).map(([id, forgives]) => ({
  id,
  forgives,
}));

/** More would be another protocol. */
export const ACCEPTED_LIMIT = 30;
