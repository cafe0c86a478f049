/** Session tokens as the hub signs them (HS256). */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Claims = {
  sub?: string;
  role: string;
  exp?: number;
  email?: string;
  session_id?: string;
  aal?: string;
  [more: string]: unknown;
};

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();
export const claimsOf = (token: string): Claims => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;

export const signToken = (secret: string, claims: Claims): string => {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${mac(secret, text).toString('base64url')}`;
};

/** Null: not ours, or over. */
export const readToken = (secret: string, token: string): Claims | null => {
  const [head, body, signature] = token.split('.');
  if (!head || !body || !signature) return null;
  const [want, got] = [mac(secret, `${head}.${body}`), Buffer.from(signature, 'base64url')];
  if (want.length !== got.length || !timingSafeEqual(want, got)) return null;
  const claims = claimsOf(token);
  return claims.exp !== undefined && claims.exp * 1000 < Date.now() ? null : claims;
};
