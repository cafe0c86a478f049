/**
 * Frames of `/ws`. Text frames are JSON of these shapes; binary frames are terminal output: one channel byte, then the bytes.
 * The first frame must be `auth`, within five seconds. Nobody's typing is accepted without the scope `act`.
 */
import { z } from 'zod';
import { feedRow } from './actor.ts';

const channel = z.int().min(1).max(255);
const cols = z.int().min(2).max(500);
const rows = z.int().min(1).max(300);

export const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auth'), token: z.string().min(1).max(200) }),
  /** Rows after `since`; null = from now. */
  z.strictObject({ type: z.literal('subscribe'), since: z.int().nonnegative().nullable() }),
  z.strictObject({ type: z.literal('watch'), channel, agent: z.string().min(1).max(200), cols: cols.optional(), rows: rows.optional() }),
  z.strictObject({ type: z.literal('input'), channel, data: z.base64().max(96 * 1024) }),
  z.strictObject({ type: z.literal('resize'), channel, cols, rows }),
  /** Bytes drawn since the last ack. */
  z.strictObject({ type: z.literal('ack'), channel, bytes: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('unwatch'), channel }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

const serverFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), head: z.int(), user: z.object({ name: z.string(), scopes: z.array(z.string()) }) }),
  z.object({ type: z.literal('rows'), rows: z.array(feedRow) }),
  /** `since` is too old, or the reader too slow: read the lists again, then go on from `head`. */
  z.object({ type: z.literal('reset'), head: z.int() }),
  z.object({ type: z.literal('watching'), channel, cols: z.int(), rows: z.int() }),
  z.object({ type: z.literal('closed'), channel, reason: z.string() }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('error'), code: z.string(), detail: z.string(), channel: channel.optional() }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;

/** Unacknowledged bytes of one channel at which the server pauses it; it goes on below half. */
export const windowBytes = 256 * 1024;
/** Close codes: no valid auth frame in time; token refused; reader too slow; daemon stops. */
export const closeCodes = { authTimeout: 4001, unauthorized: 4003, tooSlow: 4008, stopping: 1001 } as const;
