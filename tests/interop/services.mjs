// SPDX-License-Identifier: Apache-2.0
// Services beside the accounts that are told only where the keys are: one in
// Python, on FastAPI and PyJWT, and one on jose. Either says who a token is
// of, or { refused } with its library's word for why.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { jose } from './site.mjs';

/** Debian's, which has Debian's packages; there may be another before it. */
const PYTHON = '/usr/bin/python3';
const APP = fileURLToPath(new URL('fastapi_app.py', import.meta.url));
const PACKAGES = 'import cryptography, fastapi, jwt, uvicorn';

const jwksOf = (server) => `${server.url}/.well-known/jwks.json`;

/** Why there can be none in Python, or false. */
export const NO_PYTHON =
  spawnSync(PYTHON, ['-c', PACKAGES]).status === 0
    ? false
    : 'python3-fastapi, -uvicorn, -jwt or -cryptography is not installed';

/** Takes tokens of a server: { read(token), stop() }. */
export async function startFastApi(server, algorithm) {
  const child = spawn(PYTHON, [APP], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ISSUER: server.origin,
      JWKS_URL: jwksOf(server),
      ALGORITHM: algorithm,
    },
  });
  const ended = once(child, 'close');
  const failed = ended.then(([code]) => {
    throw new Error(`the service in Python ended with ${code}`);
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), failed]);
  const url = `http://127.0.0.1:${Number(line)}/me`;
  return {
    async read(token) {
      const headers = { authorization: `Bearer ${token}`, connection: 'close' };
      const answer = await fetch(url, { headers });
      const body = await answer.json();
      return answer.ok ? body : { refused: body.detail };
    },
    async stop() {
      child.stdin.end();
      await failed.catch(() => {});
    },
  };
}

/** The same on jose, in this process. */
export function startJose(server, algorithm) {
  // In earnest a key is published well before it signs; here within a second.
  const options = { cooldownDuration: 0 };
  const keys = jose.createRemoteJWKSet(new URL(jwksOf(server)), options);
  const expected = {
    issuer: server.origin,
    audience: server.origin,
    algorithms: [algorithm],
    requiredClaims: ['sub', 'iat', 'exp'],
  };
  return {
    async read(token) {
      try {
        const { payload } = await jose.jwtVerify(token, keys, expected);
        const { sub, email, name } = payload;
        return { sub, email, name };
      } catch (error) {
        return { refused: error.code ?? error.name };
      }
    },
    async stop() {},
  };
}
