/*
 * The foreign provider's settings: FAPI 2.0 for clients with private_key_jwt, plain OpenID Connect with PKCE for the
 * others; pairwise `sub`; logout from either side. Everything a bank's own software might reasonably do.
 */
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';

import { localhostFetch } from './localhost_fetch.mjs';
import { logoutPage } from './foreign_pages.mjs';

const IDENTITY = ['given_name', 'family_name', 'pesel', 'birthdate', 'verified_claims'];
const LEVELS = ['low', 'substantial', 'high'].map((level) => `http://eidas.europa.eu/LoA/${level}`);

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'foreign-1' };
}

export function foreignProfile({ accounts, clients }) {
  const pairwiseSecret = randomBytes(32);
  const isFapi = (client) => client?.clientAuthMethod === 'private_key_jwt';
  return {
    clients,
    acrValues: LEVELS,
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    fetch: localhostFetch,
    findAccount: (_ctx, login) => (accounts.has(login)
      ? { accountId: login, claims: () => ({ sub: login, ...accounts.get(login).claims }) }
      : undefined),
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, login, { sectorIdentifier }) => (
      createHmac('sha256', pairwiseSecret).update(`${sectorIdentifier} ${login}`).digest('base64url')),
    scopes: ['openid', 'identity', 'profile', 'phone', 'email'],
    claims: {
      acr: null,
      openid: ['sub'],
      identity: IDENTITY,
      profile: ['given_name', 'family_name'],
      phone: ['phone_number'],
      email: ['email'],
    },
    responseTypes: ['code'],
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    pkce: { required: () => true },
    clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'PS256'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
    },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 1800, Session: 28800, Grant: 1209600 },
    features: {
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      fapi: { enabled: true, profile: (_ctx, client) => (isFapi(client) ? '2.0' : undefined) },
      introspection: { enabled: true },
      jwtUserinfo: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage },
    },
  };
}
