/** Secrets of the store: their names and their place. A value goes in and never comes out over the interface. */
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'is not a name for a secret (small letters, digits, ".", "_" and "-")');
const place = z.enum(['keychain', 'file']);

export const setSecret = z
  .strictObject({
    name,
    value: z
      .string()
      .min(1)
      .max(32_768)
      .refine((text) => !text.includes('\0'), 'must not contain a NUL character'),
  })
  .meta({ id: 'SetSecret', examples: [{ name: 'anthropic', value: 'sk-…' }] });
export const secretParams = z.object({ secret: name });
export const secretStored = z.object({ name: z.string(), stored: z.literal(true), place });
export type SecretStored = z.infer<typeof secretStored>;
export const secretRemoved = z.object({ name: z.string(), removed: z.literal(true) });

export const secretList = z
  .object({
    place,
    /** A place was chosen and is not left by itself. */
    settled: z.boolean(),
    where: z.string(),
    /** Why it cannot be used now. */
    problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    /** Why the keychain was not taken. */
    passedOver: z.string().nullable(),
    secrets: z.array(
      z.object({
        name: z.string(),
        /** Agent profiles whose environment refers to it. */
        usedBy: z.array(z.string()),
        /** Referred to and not stored. */
        missing: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'SecretList' });
export type SecretList = z.infer<typeof secretList>;

/** `rekeyed`: false where the keychain looks after its own key. `cli`: the command line's own token was replaced. */
export const rotated = z.object({ rekeyed: z.boolean(), entries: z.int(), cli: z.boolean() });
export type Rotated = z.infer<typeof rotated>;

export const movePlace = z
  .strictObject({ place, abandon: z.boolean().default(false) })
  .meta({ id: 'MoveSecrets', examples: [{ place: 'file' }] });
export const placeMoved = z.object({ place, moved: z.int() });
export type PlaceMoved = z.infer<typeof placeMoved>;
