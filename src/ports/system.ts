/** Time, identity and chance come from outside, so that every test owns them. Real: `adapters/system`. */

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970, UTC. May jump. */
  now(): number;
  /** Milliseconds that only move while the machine is awake, never backwards. Origin unknown. */
  awake(): number;
  /** Calls once after `ms` awake milliseconds (0 = next turn). Does not keep the process alive. */
  after(ms: number, call: () => void): Cancel;
  /** Names the period over which `awake()` of different processes can be compared (a run of the machine); null when they never can (like absent). */
  boot?(): string | null;
}

export interface Ids {
  /** A UUIDv7. */
  next(): string;
}

/** One line of the daemon's log. Fields are JSON; secrets are never among them. */
export interface Log {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 60 bits of an id: the random tail of a UUID, a mix (FNV-1a, 64 bit) of any other text. */
const bitsOf = (id: string): bigint => {
  if (uuid.test(id)) return BigInt(`0x${id.replaceAll('-', '').slice(-15)}`);
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(id)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return (hash ^ (hash >> 32n)) & 0xfffffffffffffffn;
};

/** Base32 characters (Crockford, lower case) of an id's random tail: what people type. Five, or up to twelve where five are taken. */
export const shortOf = (id: string, length = 5): string => {
  const bits = bitsOf(id);
  let text = '';
  for (let place = length - 1; place >= 0; place -= 1) text += alphabet[Number((bits >> BigInt(place * 5)) & 31n)];
  return text;
};
