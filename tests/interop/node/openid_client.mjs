/*
 * A relying party nobody here wrote (npm `openid-client`) signs in at a provider by the FAPI 2.0 profile: pushed
 * request, PKCE, private_key_jwt, DPoP, checked `iss`, checked ID Token, signed UserInfo.
 *
 *   node openid_client.mjs --issuer URL --client-id ID --key private-jwk.json --port N
 *        [--scope "openid identity"] [--parameters '{"acr_values": "..."}']
 *   node openid_client.mjs --issuer URL --client-id ID --key private-jwk.json --ask '{"login_hint": "..."}'
 *
 * It prints one JSON object per line: first {"authorization_url"}, for a browser that it does not have; then, once
 * that browser has come back to http://127.0.0.1:N/callback, {"id_token", "userinfo"} with the claims, or {"error"}.
 * With --ask it has no browser at all (CIBA): first it prints {"taken"}, what the provider answered at once; then it
 * polls until the person has answered, and prints {"id_token", "userinfo"}, or {"error"}.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { importJWK } from 'jose';
import * as oidc from 'openid-client';

import { localhostFetch } from './localhost_fetch.mjs';

const { values: options } = parseArgs({
  options: {
    issuer: { type: 'string' },
    'client-id': { type: 'string' },
    key: { type: 'string' },
    port: { type: 'string' },
    scope: { type: 'string', default: 'openid identity' },
    parameters: { type: 'string', default: '{}' },
    ask: { type: 'string' },
  },
});
const redirectUri = `http://127.0.0.1:${options.port}/callback`;
const say = (fact) => console.log(JSON.stringify(fact));

async function discover() {
  const jwk = JSON.parse(readFileSync(options.key, 'utf8'));
  const authentication = oidc.PrivateKeyJwt({ key: await importJWK(jwk, 'ES256'), kid: jwk.kid });
  const expected = { id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256' };
  return oidc.discovery(new URL(options.issuer), options['client-id'], expected, authentication, {
    [oidc.customFetch]: localhostFetch,
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
}

function callback() {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const url = new URL(request.url, redirectUri);
      if (url.pathname !== '/callback') return response.writeHead(404).end();
      response.setHeader('connection', 'close');
      response.end('You may close this window.');
      server.close();
      return resolve(url);
    }).listen(Number(options.port), '127.0.0.1');
  });
}

async function signIn() {
  const provider = await discover();
  const DPoP = oidc.getDPoPHandle(provider, await oidc.randomDPoPKeyPair('ES256'));
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();

  const cameBack = callback();
  const authorizationUrl = await oidc.buildAuthorizationUrlWithPAR(provider, {
    redirect_uri: redirectUri,
    scope: options.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...JSON.parse(options.parameters),
  }, { DPoP });
  say({ authorization_url: authorizationUrl.href });

  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  await tell(provider, DPoP, await oidc.authorizationCodeGrant(provider, await cameBack, checks, undefined, { DPoP }));
}

async function askElsewhere() {
  const provider = await discover();
  const DPoP = oidc.getDPoPHandle(provider, await oidc.randomDPoPKeyPair('ES256'));
  const asked = { scope: options.scope, ...JSON.parse(options.ask) };
  const taken = await oidc.initiateBackchannelAuthentication(provider, asked);
  say({ taken });
  await tell(provider, DPoP, await oidc.pollBackchannelAuthenticationGrant(provider, taken, undefined, { DPoP }));
}

async function tell(provider, DPoP, tokens) {
  const idToken = tokens.claims();
  const userinfo = await oidc.fetchUserInfo(provider, tokens.access_token, idToken.sub, { DPoP });
  say({ token_type: tokens.token_type, expires_in: tokens.expires_in, id_token: idToken, userinfo });
}

try {
  await (options.ask ? askElsewhere() : signIn());
} catch (error) {
  const { message, code, error: reason, error_description: description, cause } = error;
  say({ error: reason ?? code ?? message, description: description ?? message, cause: cause && String(cause.message ?? cause) });
  process.exitCode = 1;
}
process.exit();
