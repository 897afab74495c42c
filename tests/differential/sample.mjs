// SPDX-License-Identifier: Apache-2.0
// A play of two requests as a server would answer them, with new random values
// every time: what the tests of the runner plant differences in.
import { createHmac, randomInt } from 'node:crypto';

const LETTERS =
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function randomText() {
  return Array.from({ length: 32 }, () => LETTERS[randomInt(62)]).join('');
}

function signed(secret, token) {
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return encodeURIComponent(`${token}.${signature}`);
}

export function sample() {
  const secret = 'sample-secret-0123456789abcdefABCDEF';
  const token = randomText();
  const user = {
    a: 1,
    b: 2,
    createdAt: new Date().toISOString(),
    id: randomText(),
  };
  const cookie =
    `better-auth.session_token=${signed(secret, token)}` +
    '; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax';
  const request = { method: 'POST', target: '/a', fields: [], body: '{}' };
  const fields = [
    ['content-type', 'application/json'],
    ['set-cookie', cookie],
  ];
  const body = JSON.stringify({ token, user });
  return {
    secret,
    began: Date.now(),
    origin: `http://localhost:${randomInt(1024, 65536)}`,
    records: [
      { name: 'one', request, answer: { status: 200, fields, body } },
      { name: 'two', request, answer: { status: 200, fields: [], body } },
    ],
  };
}
