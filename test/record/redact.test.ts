/** What a recording must not hold, and what it must still tell. Secrets are put together here, so that no scanner takes them for leaks. */
import { expect, test } from 'vitest';
import { redactor } from '../../src/services/record/redact.ts';

const join = (...parts: string[]): string => parts.join('');
const secrets: readonly (readonly [rule: string, secret: string])[] = [
  ['key', join('sk-', 'ant-api03-', 'x'.repeat(24))],
  ['key', join('gh', 'p_', 'A1b2'.repeat(9))],
  ['key', join('AK', 'IA', 'ABCDEFGHIJKLMNOP')],
  ['key', join('xox', 'b-1234567890-abcdef')],
  ['web token', join('ey', 'J', 'hbGciOiJIUzI1NiJ9', '.', 'eyJzdWIiOiIxMjM0In0', '.', 'c2lnbmF0dXJl')],
  ['private key', join('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIE\n-----END RSA PRIVATE', ' KEY-----')],
];

test.each(secrets)('a %s is taken out wherever it stands', (rule, secret) => {
  const clean = redactor([], '/home/me');
  const told = clean.clean({ a: `before ${secret} after`, deep: [{ text: secret }] });
  expect(JSON.stringify(told)).not.toContain(secret.slice(4, 20));
  expect(told.a).toBe('before [removed 1] after');
  expect(told.deep[0]?.text).toBe('[removed 1]');
  expect(clean.counts()).toEqual({ [rule]: 2 });
});

test('what is called a secret is one, whatever it looks like; what goes before it stays readable', () => {
  const clean = redactor([], '/home/me');
  expect(clean.clean({ apiKey: 'short', token: '', keyboard: 'qwerty' })).toEqual({ apiKey: '[removed 1]', token: '', keyboard: 'qwerty' });
  expect(clean.clean('Authorization: Bearer abcdefabcdef123')).toBe('Authorization: Bearer [removed 2]');
  expect(clean.clean('DB_PASSWORD=hunter2hunter2 rest')).toBe('DB_PASSWORD=[removed 3] rest');
  expect(clean.clean('git clone https://me:geheim99@host/x.git')).toBe('git clone https://[removed 4]@host/x.git');
});

test('secrets of the home are known by themselves, also inside other words and when one begins another', () => {
  const clean = redactor(['correct-horse', 'correct-horse-battery'], '/home/me');
  expect(clean.clean('xcorrect-horse-batteryx correct-horse')).toBe('x[removed 1]x [removed 2]');
  expect(clean.counts()).toEqual({ 'secret of this home': 2 });
});

test('the folder of the person is told as ~, and plain work is left as it is', () => {
  const clean = redactor([], '/home/me');
  expect(clean.clean('/home/me/code/shop/src/token.ts')).toBe('~/code/shop/src/token.ts');
  const plain = { text: 'Fix the failing test in cart.test.ts: expected 3, received 4', n: 3, no: null, yes: true };
  expect(clean.clean(plain)).toEqual(plain);
  expect(clean.counts()).toEqual({});
});

test('a secret of the home that reads like the mark itself ends, and is taken out', () => {
  expect(redactor(['[removed '], '/home/me').clean('[removed it')).toBe('[removed 1]it');
});
