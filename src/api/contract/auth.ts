/** Tokens and one-time links. */
import { z } from 'zod';

/** What a token may do. `report` belongs to one agent and opens nothing but /report. */
export const scope = z.enum(['read', 'act', 'admin', 'report']);
export type Scope = z.infer<typeof scope>;

export const redeem = z.strictObject({ key: z.string().min(1).max(200) }).meta({ id: 'Redeem', examples: [{ key: 'k_…' }] });
export const redeemed = z.object({ token: z.string(), expiresAt: z.int().nullable() });
export type Redeemed = z.infer<typeof redeemed>;

/** `http://127.0.0.1:PORT/#k=KEY`: opens once, within five minutes. */
export const link = z.object({ url: z.string(), expiresAt: z.int() });
export type Link = z.infer<typeof link>;

export const createToken = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(60)
      .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'must be plain text on one line'),
    scopes: z
      .array(z.enum(['read', 'act', 'admin']))
      .min(1)
      .default(['read']),
    /** Lifetime in days, 1–3650; absent = until revoked. */
    days: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: 'CreateToken', examples: [{ name: 'grafana', scopes: ['read'], days: 90 }] });
export type CreateToken = z.input<typeof createToken>;

export const tokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scope),
    agent: z.string().nullable(),
    createdAt: z.int(),
    expiresAt: z.int().nullable(),
    /** To the minute. */
    lastUsedAt: z.int().nullable(),
  })
  .meta({ id: 'Token' });
export type TokenView = z.infer<typeof tokenView>;
/** The token itself is told this one time. */
export const newToken = tokenView.extend({ token: z.string() });
export type NewToken = z.infer<typeof newToken>;
export const tokenParams = z.object({ token: z.string().min(1).max(200) });
export const revoked = z.object({ id: z.string(), revoked: z.literal(true) });
