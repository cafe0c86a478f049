/**
 * Secrets we hand out. 256 bits from the system's generator: nothing to guess and nothing to look up, so one SHA-256 is enough to store
 * them by. A slow password hash protects weak secrets against a stolen table; here it would only make every request slow.
 */
import { randomBytes } from 'node:crypto';

export type RandomBytes = (count: number) => Uint8Array;
export const systemRandom: RandomBytes = (count) => randomBytes(count);

/** `ccm_` + 43 base64url characters; the prefix lets secret scanners and people recognise it. */
export const newSecret = (prefix: 'ccm_' | 'k_', random: RandomBytes): string =>
  `${prefix}${Buffer.from(random(32)).toString('base64url')}`;
