/*
 * The provider that stands beside Poręka in the benchmarks: npm `oidc-provider`, one process, the same
 * features switched on as our `fapi2` client profile uses (see profile.mjs).
 *
 *   node server.mjs --port 4001 --client client.json --people people.json [--database postgresql://...]
 *
 * Without --database it keeps everything in its own default memory store. It prints READY when it listens.
 * The people are held in memory in both modes: looking them up costs the peer nothing.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';

import { answerSignIn } from './sign_in.mjs';
import { postgresAdapter } from './postgres_adapter.mjs';
import { profile } from './profile.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    client: { type: 'string' },
    people: { type: 'string' },
    database: { type: 'string' },
    connections: { type: 'string', default: '8' },
  },
});

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const people = new Map(readJson(options.people).map((person) => [person.login, person]));
const adapter = options.database
  ? await postgresAdapter(options.database, Number(options.connections))
  : undefined;

const issuer = `http://127.0.0.1:${options.port}`;
const provider = new Provider(issuer, profile({ client: readJson(options.client), people, adapter }));
provider.on('server_error', (_ctx, error) => console.error(error));

const answerProtocol = provider.callback();
const server = createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answerProtocol(request, response);
  return answerSignIn(provider, people, request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(options.port), '127.0.0.1', () => console.log('READY'));
