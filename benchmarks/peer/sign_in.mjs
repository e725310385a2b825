/*
 * The peer's tiny sign-in page: name a known person and the whole request is agreed to. It exists so that a
 * browser session and a remembered consent come into being; no measured round passes through it.
 */
async function formFields(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

async function rememberedConsent(provider, { params, grantId }, login) {
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: login, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return grant.save();
}

export async function answerSignIn(provider, people, request, response) {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Sign in</title><form method="post"><input name="login"><button>Sign in</button></form>');
    return;
  }
  const login = (await formFields(request)).get('login');
  if (!people.has(login)) {
    response.writeHead(400).end('nobody by this name');
    return;
  }
  await provider.interactionFinished(request, response, {
    login: { accountId: login },
    consent: { grantId: await rememberedConsent(provider, interaction, login) },
  });
}
