/** Which place was chosen, remembered in a file: without it a keychain that is locked today would be taken for one that never was. */
import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import { inPrivateFolder, readPrivate } from './private-file.ts';

/** `home`: what sets this home's entries in the keychain apart from another's. `settled`: something was put there. */
const choice = z.strictObject({
  version: z.literal(1),
  home: z.string().regex(/^[0-9a-f]{16}$/),
  place: z.enum(['keychain', 'file']),
});
export type Choice = z.infer<typeof choice>;

const NAME = 'place.json';

export const choiceFile = (folder: string) => {
  const path = join(folder, NAME);
  return {
    path,
    /** Null when nothing was chosen yet. One that cannot be read is trouble, not a fresh start. */
    async read(): Promise<Result<Choice | null>> {
      const bytes = await readPrivate(path);
      if (!bytes.ok) return bytes;
      if (bytes.value === null) return ok(null);
      try {
        return ok(choice.parse(JSON.parse(bytes.value.toString('utf8'))));
      } catch {
        return fail('CCM_SECRETS_UNSAFE', `${path} is damaged: it does not say where the secrets are.`, { path });
      }
    },
    async write(next: Choice): Promise<Result<void>> {
      return inPrivateFolder(folder, (held) => atomicWrite(held.at(NAME), `${JSON.stringify(next)}\n`, { shown: path }));
    },
  };
};
