/** Time, identity and chance come from outside, so that every test owns them. Real: `adapters/system`. */

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970, UTC. May jump. */
  now(): number;
  /** Milliseconds that only move while the machine is awake, never backwards. Origin unknown. */
  awake(): number;
  /** Calls once after `ms` awake milliseconds (0 = next turn). Does not keep the process alive. */
  after(ms: number, call: () => void): Cancel;
}

export interface Ids {
  /** A UUIDv7. */
  next(): string;
}

/** Five base32 characters (Crockford, lower case) of an id's random tail: what people type. */
export const shortOf = (id: string): string => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const tail = BigInt(`0x${id.replaceAll('-', '').slice(-7)}`) & 0x1ffffffn;
  let text = '';
  for (let shift = 20n; shift >= 0n; shift -= 5n) text += alphabet[Number((tail >> shift) & 31n)];
  return text;
};
