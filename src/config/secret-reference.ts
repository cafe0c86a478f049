/** `{secret:NAME}` in a value of an `env` table: the value itself is in the store of secrets, and config.toml can be shown to anybody. */
import { fail, ok, type Result } from '../errors.ts';
import { secretName } from '../ports/secrets.ts';

const reference = /\{secret:([^{}]*)\}/g;

/** Why a text is no good as a value, or null. A name that cannot be one would be missing for ever. */
export const referenceTrouble = (text: string): string | null => {
  const wrong = [...text.matchAll(reference)].find(([, name = '']) => !secretName.test(name));
  return wrong ? 'must name a secret as {secret:NAME} (small letters, digits, ".", "_" and "-")' : null;
};

/** Values with every reference replaced. `CCM_SECRET_MISSING` names variable and secret; trouble of the store comes through as it is. */
export const fillSecrets = async (
  env: Readonly<Record<string, string>>,
  read: (name: string) => Promise<Result<string | null>>,
): Promise<Result<Record<string, string>>> => {
  const filled: Record<string, string> = {};
  for (const [variable, text] of Object.entries(env)) {
    const values = new Map<string, string>();
    for (const [, name = ''] of text.matchAll(reference)) {
      const value = await read(name);
      if (!value.ok) return value;
      if (value.value === null)
        return fail('CCM_SECRET_MISSING', `${variable} is to hold the secret "${name}", which is not stored.`, {
          secret: name,
          variable,
          next: `Store it with \`ccm secret set ${name}\`, then retry the task.`,
        });
      values.set(name, value.value);
    }
    filled[variable] = text.replaceAll(reference, (_, name: string) => values.get(name) ?? '');
  }
  return ok(filled);
};

/** Names of the secrets that values refer to. */
export const secretsNamed = (env: Readonly<Record<string, string>>): string[] => [
  ...new Set(Object.values(env).flatMap((text) => Array.from(text.matchAll(reference), ([, name = '']) => name))),
];
