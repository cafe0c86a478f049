/** What an agent program's own hooks send and get. */
import { z } from 'zod';

export const hookParams = z.strictObject({ /** Kind of the agent's profile. */ kind: z.string().min(1).max(60) });
/** As the program makes it; what it means is known to the driver of its kind. */
export const hookPayload = z.record(z.string(), z.unknown()).meta({ id: 'HookPayload', examples: [{ hook_event_name: 'Stop' }] });
/** In the program's own shape, without an envelope. */
export const hookReply = z.unknown();
