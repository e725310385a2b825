/*
 * The back end of an application that lives in the browser: a "backend for frontend" (RFC 10017 §6.1).
 *
 * It is the OAuth client. The browser holds a session cookie and never sees a code's worth or a token; the script in
 * app.js asks this server, which asks the provider. Run it beside the demonstration:
 *
 *   npm install openid-client && node --import ./localhost.mjs server.mjs     then open http://127.0.0.1:3000
 *
 * For a provider in earnest set ISSUER, CLIENT_ID, CLIENT_SECRET and ORIGIN (https), and leave localhost.mjs out.
 * Sessions are in memory here: behind several processes keep them in a store that all of them share.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import * as oidc from 'openid-client';

const {
  ISSUER = 'http://millenet.localhost:8000',
  CLIENT_ID = 'sandbox',
  CLIENT_SECRET = 'sandbox-secret-for-the-demonstration-only',
  ORIGIN = 'http://127.0.0.1:3000',
} = process.env;
const SECURE = ORIGIN.startsWith('https:');
const BEGUN_SECONDS = 10 * 60;
const SESSION_SECONDS = 15 * 60;
const MOST_KEPT = 10_000;
const FILES = { '/': ['index.html', 'text/html; charset=utf-8'], '/app.js': ['app.js', 'text/javascript'] };
const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/* Kept under a random name for a time; the oldest go first when there are too many. */
class Kept {
  #kept = new Map();
  constructor(seconds) { this.seconds = seconds; }
  add(value) {
    const name = randomBytes(32).toString('base64url');
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value);
    this.#kept.set(name, { value, ends: Date.now() + this.seconds * 1000 });
    return name;
  }
  get(name) {
    const found = this.#kept.get(name);
    return found && found.ends > Date.now() ? found.value : undefined;
  }
  take(name) {
    const value = this.get(name);
    this.#kept.delete(name);
    return value;
  }
}

const begun = new Kept(BEGUN_SECONDS);
const sessions = new Kept(SESSION_SECONDS);
const provider = await oidc.discovery(
  new URL(ISSUER), CLIENT_ID, { id_token_signed_response_alg: 'ES256' },
  oidc.ClientSecretBasic(CLIENT_SECRET),
  { execute: SECURE ? [] : [oidc.allowInsecureRequests] },
);

/* Lax where the provider sends the browser back, Strict for the session: no other site can use it. */
const cookieName = (name) => (SECURE ? `__Host-${name}` : name);
const cookie = (name, value, sameSite, seconds) =>
  `${cookieName(name)}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${seconds}${SECURE ? '; Secure' : ''}`;
const cookieOf = (request, name) =>
  (request.headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${cookieName(name)}=`))?.split('=')[1];

async function signIn() {
  const verifier = oidc.randomPKCECodeVerifier();
  const kept = { pkceCodeVerifier: verifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const to = oidc.buildAuthorizationUrl(provider, {
    redirect_uri: `${ORIGIN}/callback`, scope: 'openid profile', state: kept.expectedState, nonce: kept.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  return redirect(to.href, cookie('begun', begun.add(kept), 'Lax', BEGUN_SECONDS));
}

async function callback(request, url) {
  const kept = begun.take(cookieOf(request, 'begun'));
  if (!kept) return answer(400, { error: 'this browser began no sign-in' });
  try {
    const tokens = await oidc.authorizationCodeGrant(provider, url, { ...kept, idTokenExpected: true });
    const facts = await oidc.fetchUserInfo(provider, tokens.access_token, tokens.claims().sub);
    const session = sessions.add({ facts, idToken: tokens.id_token });
    return redirect('/', cookie('session', session, 'Strict', SESSION_SECONDS), cookie('begun', '', 'Lax', 0));
  } catch (error) {
    console.error(error.code ?? error.name, error.error_description ?? error.message);
    return redirect('/?sign-in=failed', cookie('begun', '', 'Lax', 0));
  }
}

function me(request) {
  const session = sessions.get(cookieOf(request, 'session'));
  return session ? answer(200, session.facts) : answer(401, { error: 'nobody is signed in' });
}

function signOut(request) {
  const session = sessions.take(cookieOf(request, 'session'));
  const back = { post_logout_redirect_uri: `${ORIGIN}/`, ...(session && { id_token_hint: session.idToken }) };
  return answer(200, { to: oidc.buildEndSessionUrl(provider, back).href }, cookie('session', '', 'Strict', 0));
}

const answer = (status, body, ...cookies) =>
  ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'set-cookie': cookies } });
const redirect = (to, ...cookies) => ({ status: 303, headers: { location: to, 'set-cookie': cookies } });
const file = ([name, type]) =>
  ({ status: 200, body: readFileSync(new URL(name, import.meta.url)), headers: { 'content-type': type } });

function handle(request) {
  const url = new URL(request.url, ORIGIN);
  const asked = `${request.method} ${url.pathname}`;
  if (request.method === 'GET' && Object.hasOwn(FILES, url.pathname)) return file(FILES[url.pathname]);
  if (asked === 'GET /sign-in') return signIn();
  if (asked === 'GET /callback') return callback(request, url);
  // A header of one's own cannot be sent by another site: its browser would have to ask first, and is not answered.
  if (url.pathname.startsWith('/api/') && !request.headers['x-from-app']) return answer(403, { error: 'x-from-app is missing' });
  if (asked === 'GET /api/me') return me(request);
  if (asked === 'POST /api/sign-out') return signOut(request);
  return answer(404, { error: 'there is nothing here' });
}

createServer(async (request, response) => {
  try {
    const { status, headers, body } = await handle(request);
    response.writeHead(status, { ...HEADERS, ...headers }).end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500, HEADERS).end();
  }
}).listen(Number(new URL(ORIGIN).port || 443), '127.0.0.1', () => console.log(`open ${ORIGIN}`));
