/*
 * Settings that bring `oidc-provider` as close as it goes to our `fapi2` client profile: pushed requests,
 * PKCE S256, private_key_jwt and DPoP with ES256, `iss` in the response, pairwise `sub`, signed UserInfo,
 * code 60 s, opaque access token 5 min, no refresh token, a consent that is remembered.
 * It keeps no audit log and no consent receipts: that work is ours alone.
 */
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';

const FACTS = ['given_name', 'family_name', 'pesel'];

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'peer-1' };
}

function registered(client) {
  return {
    client_id: client.client_id,
    redirect_uris: [client.redirect_uri],
    jwks: client.jwks,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
    subject_type: 'pairwise',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
  };
}

function account(person) {
  const claims = { sub: person.login, ...Object.fromEntries(FACTS.map((fact) => [fact, person[fact]])) };
  return { accountId: person.login, claims: () => claims };
}

export function profile({ client, people, adapter }) {
  const pairwiseSecret = randomBytes(32);
  return {
    adapter,
    clients: [registered(client)],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    findAccount: (_ctx, login) => (people.has(login) ? account(people.get(login)) : undefined),
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, login, { sectorIdentifier }) => (
      createHmac('sha256', pairwiseSecret).update(`${sectorIdentifier} ${login}`).digest('base64url')),
    scopes: ['openid', 'identity'],
    claims: { openid: ['sub'], identity: FACTS },
    responseTypes: ['code'],
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256'],
      dPoPSigningAlgValues: ['ES256'],
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
    },
    issueRefreshToken: () => false,
    ttl: {
      AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 1800, Session: 28800, Grant: 1209600,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      fapi: { enabled: true, profile: '2.0' },
      jwtUserinfo: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      resourceIndicators: { enabled: false },
    },
  };
}
