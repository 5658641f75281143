// An OpenID provider that answers as FranceConnect v2 does: its engine (oidc-provider), its addresses, its refusals, its
// lifetimes. It reads, as JSON, in its first argument: port, client, secret, back (the two declared addresses), people.
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { port, client, secret, back, people } = JSON.parse(process.argv[2]);
const HERE = '/api/v2';
const ISSUER = `http://127.0.0.1:${port}${HERE}`;
const DISCOVERY = '/.well-known/openid-configuration';
const MAY_BE_ASKED = new Set(['response_type', 'client_id', 'redirect_uri', 'scope', 'acr_values', 'nonce', 'state', 'prompt', 'claims', 'idp_hint']);
const PIVOT = ['given_name', 'given_name_array', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'];

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const page = (body) => `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Fournisseur d'essai</title></head><body><main><h1>Fournisseur d'essai</h1>${body}</main></body></html>`;

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: client, client_secret: secret, redirect_uris: [back[0]], post_logout_redirect_uris: [back[1]],
    response_types: ['code'], grant_types: ['authorization_code'], subject_type: 'pairwise',
    token_endpoint_auth_method: 'client_secret_post', id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256',
  }],
  routes: {
    authorization: `${HERE}/authorize`, token: `${HERE}/token`, userinfo: `${HERE}/userinfo`, jwks: `${HERE}/jwks`, end_session: `${HERE}/session/end`,
  },
  jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256', kid: 'essai' }] },
  clientAuthMethods: ['client_secret_post'], responseTypes: ['code'], acrValues: ['eidas1', 'eidas2', 'eidas3'],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'] },
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: async (ctx, account) => `${createHash('sha256').update(account).digest('hex')}v1`,
  scopes: ['openid'], conformIdTokenClaims: true, pkce: { required: () => false },
  claims: { openid: ['sub'], given_name: ['given_name', 'given_name_array'], ...Object.fromEntries(PIVOT.slice(2).map((name) => [name, [name]])), acr: null, amr: null, iss: null },
  features: {
    devInteractions: { enabled: false }, jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: async (ctx, form) => { ctx.body = page(form.replace('</form>', '<button name="logout" value="yes">Me déconnecter</button></form>')); } },
  },
  renderError: async (ctx, out) => { ctx.type = 'html'; ctx.body = page(`<p>${out.error}</p>`); },
  interactions: { url: (ctx, interaction) => `/choix/${interaction.uid}` },
  findAccount: async (ctx, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id].claims }) },
  cookies: { keys: [randomUUID()] },
  ttl: { AccessToken: 60, AuthorizationCode: 30, IdToken: 60, Interaction: 600, Session: 1800, Grant: 1800 },
});

provider.use(async (ctx, next) => { // who comes in? a button each
  if (!ctx.path.startsWith('/choix/')) return next();
  if (ctx.method === 'GET') {
    const buttons = Object.entries(people).map(([id, { name }]) => `<p><button name="qui" value="${id}">${name}</button></p>`);
    ctx.type = 'html';
    ctx.body = page(`<form method="post">${buttons.join('')}<p><button name="qui" value="">Annuler</button></p></form>`);
    return undefined;
  }
  let sent = '';
  for await (const part of ctx.req) sent += part;
  const who = new URLSearchParams(sent).get('qui');
  if (!who) return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied', error_description: 'User auth aborted' });
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: who, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(ctx.req, ctx.res, {
    login: { accountId: who, acr: params.acr_values, amr: ['pwd'], remember: false }, consent: { grantId: await grant.save() },
  });
});

function refusal(url) { // what FranceConnect refuses before it looks at the rest (Y000400)
  const asked = new URL(url, ISSUER);
  if (asked.pathname !== `${HERE}/authorize`) return '';
  const unknown = [...asked.searchParams.keys()].find((name) => !MAY_BE_ASKED.has(name));
  if (unknown) return `paramètre inconnu : ${unknown}`;
  if ((asked.searchParams.get('nonce') ?? '').length < 22) return 'nonce trop court';
  if ((asked.searchParams.get('state') ?? '').length < 32) return 'state trop court';
  return asked.searchParams.get('acr_values') === 'eidas1' ? '' : 'acr_values';
}

const answer = provider.callback();
createServer((request, response) => {
  if (request.url === `${HERE}${DISCOVERY}`) request.url = DISCOVERY;
  const why = refusal(request.url);
  if (!why) return answer(request, response);
  response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' });
  return response.end(page(`<p>Y000400 : ${why}</p>`));
}).listen(port, '127.0.0.1', () => console.log('prêt'));
for (const fault of ['server_error', 'authorization.error', 'grant.error', 'userinfo.error']) {
  provider.on(fault, (ctx, error) => console.error(fault, error.message, error.error_description ?? '', error.error_detail ?? ''));
}
