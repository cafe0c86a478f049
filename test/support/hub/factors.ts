/** The second factor: enrol, challenge, verify, remove; after GoTrue's published rules, which lite has none of. */
import { Secret, TOTP } from 'otpauth';
import type { Query } from './database.ts';
import type { Claims } from './token.ts';

export type Answer = readonly [status: number, body: unknown];
type Factor = { id: string; friendly_name: string; status: string; secret: string; last_step: string | number | null };

const trouble = (status: number, code: string, msg: string): Answer => [status, { code, error_code: code, msg }];
const listed =
  'select id, friendly_name, factor_type, status, created_at, updated_at from auth.mfa_factors where user_id = $1 order by created_at';

export const factorDesk = (query: Query, refreshed: (session: string) => Promise<Answer>) => {
  const list = (user: string) => query(listed, [user]);
  const session = async (claims: Claims) =>
    (await query('select id, aal from auth.sessions where id = $1 and user_id = $2', [claims.session_id, claims.sub]))[0];

  const enrol = async (claims: Claims, level: unknown, wanted: { factor_type?: string; friendly_name?: string }): Promise<Answer> => {
    if (wanted.factor_type !== 'totp') return trouble(422, 'mfa_phone_enroll_not_enabled', 'MFA enroll is disabled for Phone');
    const name = wanted.friendly_name ?? '';
    const all = await list(String(claims.sub));
    if (all.some((one) => one['friendly_name'] === name))
      return trouble(422, 'mfa_factor_name_conflict', 'The name of the factor is taken');
    if (all.some((one) => one['status'] === 'verified') && level !== 'aal2')
      return trouble(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
    const totp = new TOTP({ issuer: '127.0.0.1', label: claims.email ?? 'user', secret: new Secret({ size: 20 }) });
    const [made] = await query('insert into auth.mfa_factors (user_id, friendly_name, secret) values ($1, $2, $3) returning id', [
      claims.sub,
      name,
      totp.secret.base32,
    ]);
    return [
      200,
      {
        id: made?.['id'],
        type: 'totp',
        friendly_name: name,
        totp: { qr_code: '<svg xmlns="http://www.w3.org/2000/svg"/>', secret: totp.secret.base32, uri: totp.toString() },
      },
    ];
  };

  const verify = async (claims: Claims, factor: Factor, given: { code?: string; challenge_id?: string }): Promise<Answer> => {
    const [challenge] = await query(
      `select verified_at, created_at < now() - interval '5 minutes' as expired from auth.mfa_challenges where id = $1 and factor_id = $2`,
      [given.challenge_id, factor.id],
    );
    if (!challenge) return trouble(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');
    if (challenge['expired'] === true || challenge['verified_at'])
      return trouble(
        422,
        'mfa_challenge_expired',
        'MFA challenge has expired, verify against another challenge or create a new challenge.',
      );
    const off = new TOTP({ secret: factor.secret }).validate({ token: given.code ?? '', window: 1 });
    const step = Math.floor(Date.now() / 30_000) + (off ?? 0);
    // A code is good once.
    if (off === null || (factor.last_step !== null && step <= Number(factor.last_step)))
      return trouble(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
    await query('update auth.mfa_challenges set verified_at = now() where id = $1', [given.challenge_id]);
    await query(`update auth.mfa_factors set status = 'verified', last_step = $2, updated_at = now() where id = $1`, [factor.id, step]);
    await query(`update auth.sessions set aal = 'aal2', factor_id = $2 where id = $1`, [claims.session_id, factor.id]);
    // Sessions that have not proved it end.
    const weak = `select id from auth.sessions where user_id = $1 and coalesce(aal, 'aal1') < 'aal2'`;
    await query(`delete from auth.refresh_tokens where session_id in (${weak})`, [claims.sub]);
    await query(`delete from auth.sessions where id in (${weak})`, [claims.sub]);
    return refreshed(String(claims.session_id));
  };

  const answer = async (method: string, parts: readonly string[], claims: Claims | null, body: Record<string, string>): Promise<Answer> => {
    if (!claims?.session_id) return trouble(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
    const open = await session(claims);
    if (!open) return trouble(403, 'session_not_found', 'Session from session_id claim in JWT does not exist');
    if (method === 'POST' && parts.length === 0) return enrol(claims, open['aal'], body);
    const [factor] = (await query('select * from auth.mfa_factors where id = $1 and user_id = $2', [parts[0], claims.sub])) as Factor[];
    if (!factor) return trouble(404, 'mfa_factor_not_found', 'Factor not found');
    if (method === 'POST' && parts[1] === 'challenge') {
      const [made] = await query('insert into auth.mfa_challenges (factor_id) values ($1) returning id', [factor.id]);
      return [200, { id: made?.['id'], type: 'totp', expires_at: Math.floor(Date.now() / 1000) + 300 }];
    }
    if (method === 'POST' && parts[1] === 'verify') return verify(claims, factor, body);
    if (method === 'DELETE' && parts.length === 1) {
      if (factor.status === 'verified' && open['aal'] !== 'aal2')
        return trouble(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
      await query('delete from auth.mfa_factors where id = $1', [factor.id]);
      return [200, { id: factor.id }];
    }
    return trouble(404, 'not_found', 'Not found');
  };
  return { list, answer };
};
