/** `{secret:NAME}` in config.toml: filled at launch, and never half. */
import { expect, test } from 'vitest';
import { fillSecrets, referenceTrouble, secretsNamed } from '../../src/config/secret-reference.ts';
import { fail, ok } from '../../src/errors.ts';

const store: Record<string, string> = { anthropic: 'sk-{secret:other}', other: 'never' };
const read = async (name: string) => ok(store[name] ?? null);

test('a reference is replaced, anywhere in a value, and what it brings is not looked at again', async () => {
  expect(await fillSecrets({ KEY: '{secret:anthropic}', AUTH: 'Bearer {secret:other}!', PLAIN: 'x {y}' }, read)).toEqual(
    ok({ KEY: 'sk-{secret:other}', AUTH: 'Bearer never!', PLAIN: 'x {y}' }),
  );
});

test('a missing one is told by variable and name, and nothing is started half filled', async () => {
  expect(await fillSecrets({ KEY: '{secret:gone}' }, read)).toMatchObject({
    ok: false,
    problem: { code: 'CCM_SECRET_MISSING', detail: 'KEY is to hold the secret "gone", which is not stored.' },
  });
});

test('trouble of the store comes through as it is', async () => {
  const away = fail('CCM_KEYCHAIN_AWAY', 'locked');
  expect(await fillSecrets({ KEY: '{secret:x}' }, async () => away)).toEqual(away);
});

test('names are found, and impossible ones refused', () => {
  expect(secretsNamed({ A: '{secret:a}{secret:b}', B: '{secret:a}' })).toEqual(['a', 'b']);
  expect(referenceTrouble('{secret:}')).not.toBeNull();
  expect(referenceTrouble('{secret:../x}')).not.toBeNull();
  expect(referenceTrouble('{secret:a.b-c_1} and {prompt}')).toBeNull();
});
