/** What a person types for a hub, checked before anything is sent to it. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { HubAddress } from '../../src/ports/hub.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** CCM_BAD_INPUT with the field that is wrong: no https, no URL, a key that gives away everything. */
export const hubAddress = (given: HubAddress): Result<HubAddress> => {
  const url = URL.canParse(given.url.trim()) ? new URL(given.url.trim()) : null;
  if (!url)
    return fail('CCM_BAD_INPUT', `"${given.url.slice(0, 100)}" is not a URL; it looks like https://abcd.supabase.co.`, { field: 'url' });
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname)))
    return fail('CCM_BAD_INPUT', 'The URL of a hub begins with https:// (http:// only on this machine).', { field: 'url' });
  const key = given.key.trim();
  if (!/^[\x21-\x7e]{8,4096}$/.test(key))
    return fail('CCM_BAD_INPUT', 'That is no key; copy the publishable key of the project.', { field: 'key' });
  if (key.startsWith('sb_secret_') || roleOf(key) === 'service_role')
    return fail('CCM_BAD_INPUT', 'That is the secret key, which may do everything. Use the publishable (anon) key.', { field: 'key' });
  return ok({ url: url.origin, key });
};

const roleOf = (key: string): unknown => {
  try {
    const body: unknown = JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString());
    return typeof body === 'object' && body !== null ? Reflect.get(body, 'role') : null;
  } catch {
    return null; // Not a token: a key of the newer form.
  }
};
