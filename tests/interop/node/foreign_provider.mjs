/*
 * A provider nobody here wrote (npm `oidc-provider`), for a relying party to sign a person in from.
 *
 *   node foreign_provider.mjs --accounts accounts.json --clients clients.json [--port N] [--issuer URL]
 *
 * accounts.json: [{"login", "password", "claims": {"given_name", "family_name", "pesel", ...}}]
 * clients.json:  registration metadata as in RFC 7591. A client with `private_key_jwt` is held to the FAPI 2.0
 *                profile (pushed requests, DPoP, PKCE); any other is an ordinary OpenID Connect client with PKCE.
 *
 * It prints `READY <issuer>` when it listens. With `--issuer http://name.localhost:N` it answers under that name.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';

import { foreignProfile } from './foreign_profile.mjs';
import { answerPages } from './foreign_pages.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    issuer: { type: 'string' },
    accounts: { type: 'string' },
    clients: { type: 'string' },
  },
});
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const accounts = new Map(readJson(options.accounts).map((account) => [account.login, account]));

const server = createServer();
server.listen(Number(options.port), '127.0.0.1', () => {
  const issuer = options.issuer ?? `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, foreignProfile({ accounts, clients: readJson(options.clients) }));
  for (const fault of ['server_error', 'authorization.error', 'pushed_authorization_request.error', 'grant.error',
    'userinfo.error', 'end_session.error']) {
    provider.on(fault, (_ctx, error) => console.error(fault, error.message, error.error_detail ?? ''));
  }
  provider.on('backchannel.success', (_ctx, client) => console.error('logout notice delivered to', client.clientId));
  provider.on('backchannel.error', (_ctx, error, client) => console.error('no logout notice to', client.clientId, error));

  const answerProtocol = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/sign-in/')) return answerProtocol(request, response);
    return answerPages(provider, accounts, request, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  console.log(`READY ${issuer}`);
});
