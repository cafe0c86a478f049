/** A connection that fails has its reason: nobody there, or somebody else in between. */
import { expect, test } from 'vitest';
import { judgedFetch, troubleOf } from '../../../adapters/supabase/wire.ts';

test.each([
  ['ECONNREFUSED', 'networkLost'],
  ['ENOTFOUND', 'networkLost'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'portal'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'portal'],
  // What answers speaks no TLS at all.
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'portal'],
])('%s is %s', async (code, reason) => {
  const failing = async () => Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));
  const reply = await judgedFetch(() => 1_000, failing)('https://hub.example/rest/v1/rpc/ccm_ping');
  const said: { code: string; message: string } = JSON.parse(await reply.text());
  expect(troubleOf(said, reply.status)).toEqual({ reason, evidence: code });
});
