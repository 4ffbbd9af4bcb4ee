// OAuth2 client credentials: one token for each measurement, as the original asks for it.

import type { ProviderAuthentication } from '../kinds/metric-provider.js';
import { isRecord } from '../lib/deep.js';
import type { HttpRequest } from '../lib/http.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ProviderIo } from './provider.js';

type TokenRequest = Pick<HttpRequest, 'timeoutMs' | 'insecure'> & { readonly headers: Readonly<Record<string, string>> };

const MAX_TOKEN_BYTES = 64 * 1024;
const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** The Authorization header, or undefined when no token is asked for. Secrets never come back in the error. */
export async function authorization(
  auth: ProviderAuthentication | undefined,
  request: TokenRequest,
  io: ProviderIo,
  signal: AbortSignal,
): Promise<Result<string | undefined, string>> {
  const oauth2 = auth?.oauth2;
  if (oauth2?.tokenUrl === undefined || oauth2.tokenUrl === '') return ok(undefined);
  const { tokenUrl, clientId = '', clientSecret = '', scopes = [] } = oauth2;
  if (clientId === '' || clientSecret === '') return err('missing mandatory parameter in metric for OAuth2 setup');
  const fields = { grant_type: 'client_credentials', ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) };
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const ask = (headers: Readonly<Record<string, string>>, body: string): ReturnType<typeof io.http> =>
    io.http(
      {
        method: 'POST',
        url: tokenUrl,
        headers: { ...request.headers, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
        timeoutMs: request.timeoutMs,
        maxBodyBytes: MAX_TOKEN_BYTES,
        insecure: request.insecure === true,
      },
      signal,
    );
  let answer = await ask({ Authorization: `Basic ${basic}` }, form(fields));
  // Some servers take the credentials in the form only.
  if (answer.ok && (answer.value.status < 200 || answer.value.status > 299))
    answer = await ask({}, form({ ...fields, client_id: clientId, client_secret: clientSecret }));
  if (!answer.ok) return err(`oauth2: cannot fetch token: ${answer.error.message}`);
  if (answer.value.status < 200 || answer.value.status > 299) return err(`oauth2: cannot fetch token: ${answer.value.status}`);
  return tokenOf(answer.value.body);
}

function tokenOf(body: string): Result<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body) as unknown;
  } catch {
    parsed = Object.fromEntries(new URLSearchParams(body));
  }
  const token = isRecord(parsed) ? parsed['access_token'] : undefined;
  if (typeof token !== 'string' || token === '') return err('oauth2: server response missing access_token');
  const type = isRecord(parsed) && typeof parsed['token_type'] === 'string' ? parsed['token_type'] : 'Bearer';
  return ok(`${type.toLowerCase() === 'bearer' ? 'Bearer' : type} ${token}`);
}
