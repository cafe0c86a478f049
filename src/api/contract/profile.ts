/** Agent profiles: what `--agent` can name. */
import { z } from 'zod';

export const profileView = z
  .object({
    name: z.string(),
    kind: z.enum(['custom', 'demo', 'claude', 'gemini', 'codex']),
    mode: z.enum(['interactive', 'oneshot']),
    command: z.array(z.string()),
    /** Its program was found. */
    available: z.boolean(),
    /** Why not, one sentence. */
    problem: z.string().optional(),
    /** It is there and cannot reach its model yet: why, and what to do. Null: nothing is known to be missing. */
    lacks: z.object({ sentence: z.string(), next: z.string() }).nullable(),
    /** A task gets it that names none, in a project that names none. */
    preferred: z.boolean(),
  })
  .meta({ id: 'Profile' });
export type ProfileView = z.infer<typeof profileView>;
