/*
 * The pages a person sees at the foreign provider: a form for login and password, and a question before signing out.
 * Whatever the relying party asks for is agreed to without a page of its own.
 */
const LEVEL = 'http://eidas.europa.eu/LoA/substantial';

const page = (title, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;

const signInPage = (problem) => page('Foreign bank: sign in', `${problem ? `<p role="alert">${problem}</p>` : ''}
<form method="post">
<p><label>Login <input name="login" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button> <button name="cancel" value="yes" formnovalidate>Cancel</button></p>
</form>`);

export function logoutPage(ctx, form) {
  ctx.body = page('Foreign bank: sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
}

async function formFields(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

async function agreed(provider, { params, prompt: { details }, grantId }, login) {
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: login, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const { id_token: inIdToken = {}, userinfo = {} } = JSON.parse(params.claims ?? '{}');
  grant.addOIDCClaims([...Object.keys(inIdToken), ...Object.keys(userinfo), ...(details.missingOIDCClaims ?? [])]);
  return grant.save();
}

export async function answerPages(provider, accounts, request, response) {
  const interaction = await provider.interactionDetails(request, response);
  const finish = (result, settings) => provider.interactionFinished(request, response, result, settings);

  if (interaction.prompt.name === 'consent') {
    const { accountId } = interaction.session;
    const consent = { grantId: await agreed(provider, interaction, accountId) };
    return finish({ consent }, { mergeWithLastSubmission: true });
  }
  const fields = request.method === 'POST' ? await formFields(request) : new URLSearchParams();
  if (fields.has('cancel')) return finish({ error: 'access_denied', error_description: 'the person cancelled' });

  const account = accounts.get(fields.get('login'));
  if (account && account.password === fields.get('password')) {
    const login = { accountId: account.login, acr: account.acr ?? LEVEL, amr: ['pwd', 'otp'] };
    return finish({ login, consent: { grantId: await agreed(provider, interaction, account.login) } });
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  return response.end(signInPage(request.method === 'POST' && 'Wrong login or password.'));
}
