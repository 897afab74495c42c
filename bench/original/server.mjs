// SPDX-License-Identifier: Apache-2.0
// The original on Hono, as bench/rows compare with it: no limits on requests,
// RS256, and no token with get-session, which is as lean as it goes. It takes
// PORT, SECRET and DATABASE, a file's path or a postgresql:// address, of a
// database that has its tables.
import { serve } from '@hono/node-server';
import { betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins';
import { Hono } from 'hono';

const { PORT, SECRET, DATABASE } = process.env;
const baseURL = `http://127.0.0.1:${PORT}`;

async function open(address) {
  if (address.startsWith('postgresql:')) {
    const { default: pg } = await import('pg');
    return new pg.Pool({ connectionString: address, max: 10 });
  }
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(address);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  return database;
}

const auth = betterAuth({
  baseURL,
  secret: SECRET,
  database: await open(DATABASE),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [
    jwt({
      disableSettingJwtHeader: true,
      jwks: { keyPairConfig: { alg: 'RS256', modulusLength: 2048 } },
    }),
  ],
});
const app = new Hono();
app.on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw));
serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' });
