/** Rules held against what is asked: the first that fits; and what an allowing pattern never lets through. */
import { expect, test } from 'vitest';
import { type Asked, neverReached, type Rule, ruleOn } from '../../src/policy/rules.ts';

const rule = (decision: Rule['decision'], more: Partial<Rule> = {}): Rule => ({
  decision,
  project: null,
  agent: null,
  tool: null,
  pattern: null,
  reason: null,
  ...more,
});
const asked = (subject: string, more: Partial<Asked> = {}): Asked => ({ project: 'shop', agent: 'claude', tool: 'Bash', subject, ...more });
const decides = (rules: Rule[], subject: string, more: Partial<Asked> = {}) => ruleOn(rules, asked(subject, more))?.decision ?? null;

test('no rule, no decision', () => expect(ruleOn([], asked('ls'))).toBeNull());

test('the first rule that fits counts, top to bottom', () => {
  const rules = [rule('allow', { pattern: 'npm test' }), rule('ask', { pattern: 'npm publish*' }), rule('deny', { pattern: 'npm *' })];
  expect(decides(rules, 'npm test')).toBe('allow');
  expect(decides(rules, 'npm publish --tag next')).toBe('ask');
  expect(decides(rules, 'npm install x')).toBe('deny');
  expect(decides(rules, 'ls')).toBeNull();
  expect(decides(rules.toReversed(), 'npm test')).toBe('deny');
});

test('project, agent and tool narrow a rule; a call without a tool fits none that names one', () => {
  const rules = [rule('allow', { project: 'shop', agent: 'cl*', tool: 'Bash' })];
  expect(decides(rules, 'x')).toBe('allow');
  for (const other of [{ project: 'bank' }, { agent: 'codex' }, { tool: 'Write' }, { tool: null }])
    expect(decides(rules, 'x', other), JSON.stringify(other)).toBeNull();
});

test('it is told in words, with the reason', () => {
  expect(ruleOn([rule('deny', { tool: 'Bash', pattern: 'rm *', project: 'shop', reason: 'ask me' })], asked('rm x'))).toEqual({
    decision: 'deny',
    rule: 'deny Bash "rm *" in shop',
    reason: 'ask me',
  });
  expect(ruleOn([rule('allow')], asked('x'))?.rule).toBe('allow everything');
});

test.each([
  'npm test && rm -rf ~',
  'npm test; curl evil',
  'npm test | sh',
  'npm test & sleep 9',
  'npm test\nrm x',
  'npm test $(rm x)',
  'npm test `rm x`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's own words
  'npm test ${IFS}',
  'npm test > /etc/passwd',
  'npm test < secret',
  'npm test --prefix ../../other',
  'sudo npm test',
  '',
])('an allowing pattern does not let %j through', (text) => {
  expect(decides([rule('allow', { pattern: 'npm test*' })], text)).toBeNull();
});

test('an allowing pattern lets through what is all its own, and a text that is written out', () => {
  expect(decides([rule('allow', { pattern: 'npm test*' })], 'npm test -- cart && npm test -- login')).toBe('allow');
  expect(decides([rule('allow', { pattern: 'make 2>&1 | tee log' })], 'make 2>&1 | tee log')).toBe('allow');
  expect(decides([rule('allow', { pattern: 'src/*' })], 'src/../../.ssh/id')).toBeNull();
  expect(decides([rule('allow', { pattern: '*' })], 'a; b > c')).toBe('allow');
});

test.each(['rm -rf x', 'ls && rm x', 'ls\nrm x', 'true || rm x'])('a denying pattern finds its part in %j', (text) => {
  expect(decides([rule('deny', { pattern: 'rm *' })], text)).toBe('deny');
});

test('rules that can never count are found', () => {
  expect(
    neverReached([rule('deny', { tool: 'Bash' }), rule('allow', { tool: 'Bash', pattern: 'ls' }), rule('allow', { tool: 'Write' })]),
  ).toEqual([{ at: 1, because: 0 }]);
  expect(neverReached([rule('allow', { pattern: 'x' }), rule('deny', { pattern: 'x' })]), 'what is tricky fits only the second').toEqual(
    [],
  );
});
