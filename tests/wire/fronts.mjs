// SPDX-License-Identifier: Apache-2.0
// Real proxies before the server. Each listens on several ports, one a lane,
// and each lane has its own way back, so that cases run side by side and what
// passes can still be told apart. Answers of the server, and only those,
// carry X-Behind when they leave the front.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts, startProgram } from './raw.mjs';

const PATHS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin'];

export function findProgram(name) {
  return PATHS.map((path) => join(path, name)).find(existsSync) ?? null;
}

const nginxLane = (lane, at) => `
  upstream back${at} { server 127.0.0.1:${lane.back}; keepalive 4; }
  server {
    listen 127.0.0.1:${lane.port};
    underscores_in_headers on;
    ignore_invalid_headers off;
    location / {
      proxy_pass http://back${at};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_request_buffering off;
      add_header X-Behind $upstream_status always;
    }
  }`;

const nginxConfig = (folder, lanes) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr emerg;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  large_client_header_buffers 4 128k;
  client_max_body_size 0;
  client_header_timeout 5s;
  keepalive_requests 10000;
  proxy_next_upstream off;
${lanes.map(nginxLane).join('\n')}
}
`;

const haproxyLane = (lane, at) => `
frontend front${at}
  bind 127.0.0.1:${lane.port}
  default_backend back${at}
backend back${at}
  http-reuse always
  http-response set-header X-Behind 1
  server one 127.0.0.1:${lane.back}
`;

const haproxyConfig = (folder, lanes) => `
global
  maxconn 500
  tune.bufsize 65536
defaults
  mode http
  retries 0
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  timeout http-request 5s
${lanes.map(haproxyLane).join('\n')}
`;

const FRONTS = {
  nginx: {
    config: nginxConfig,
    args: (path, folder) => ['-p', folder, '-c', path, '-e', 'stderr'],
  },
  haproxy: { config: haproxyConfig, args: (path) => ['-db', '-f', path] },
};

/** Starts a front with a lane to each port of `backs`. */
export async function startFront(name, backs) {
  const folder = await mkdtemp(join(tmpdir(), `wire-${name}-`));
  const path = join(folder, 'front.conf');
  const ports = await freePorts(backs.length);
  const lanes = backs.map((back, at) => ({ back, port: ports[at] }));
  await writeFile(path, FRONTS[name].config(folder, lanes));
  const program = await startProgram(
    findProgram(name),
    FRONTS[name].args(path, folder),
    ports,
  );
  return {
    ports,
    isRunning: program.isRunning,
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
