/**
 * Proof of who wrote a spooled report. All agents are one user and may write into each other's folders; the token of an agent is in its own
 * environment only. A file is two lines: the item as JSON, and an HMAC of agent and item. Its key is the SHA-256 of the token, which is what the
 * daemon keeps of a token: the token itself stands nowhere on disk.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Hex SHA-256 of a token: what is stored instead of it. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const proof = (agent: string, key: string, item: string): Buffer =>
  createHmac('sha256', key).update(`ccm-spool\0${agent}\0${item}`).digest();

/** `item`: one line of JSON. */
export const sealItem = (agent: string, token: string, item: string): string =>
  `${item}\n${proof(agent, tokenHash(token), item).toString('hex')}\n`;

/** The item, when one of the hashes of the agent's tokens proves it; null otherwise. */
export const openItem = (agent: string, hashes: readonly string[], text: string): string | null => {
  const [item = '', told = '', ...more] = text.split('\n');
  if (more.join('') !== '' || !/^[0-9a-f]{64}$/.test(told)) return null;
  const given = Buffer.from(told, 'hex');
  return hashes.some((hash) => timingSafeEqual(proof(agent, hash, item), given)) ? item : null;
};
