/** `allow` and `deny` of a profile as a policy file of Gemini CLI, which it enforces also while we are away. */
import { stringify } from 'smol-toml';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { Permissions } from '../../../src/ports/decisions.ts';

const SHELL = 'run_shell_command';
const notation = /^([\w*.-]+)(?:\((.*)\))?$/su;

type Rule = { toolName: string; commandPrefix?: string; decision: 'allow' | 'deny'; priority: number; denyMessage?: string };

const ruleOf = (text: string, decision: Rule['decision']): Result<Rule> => {
  const wrong = (why: string) => fail('CCM_CONFIG_INVALID', `The rule "${text}" ${why}`);
  const [, toolName, pattern] = notation.exec(text.trim()) ?? [];
  if (toolName === undefined) return wrong(`is none of Gemini CLI's: write a tool's name, or ${SHELL}(npm test).`);
  // What is forbidden stays so whatever is allowed.
  const rule: Rule = { toolName, decision, priority: decision === 'deny' ? 990 : 500 };
  if (decision === 'deny') rule.denyMessage = `The rule ${text} of this agent's configuration forbids it.`;
  if (pattern === undefined) return ok(rule);
  if (toolName !== SHELL) return wrong(`has a pattern; Gemini CLI's policies know patterns for ${SHELL} only.`);
  const commandPrefix = pattern.replace(/:?\*$/u, '').trim();
  if (commandPrefix === '' || commandPrefix.includes('*')) return wrong('may have a * at its end only: it is the beginning of a command.');
  return ok({ ...rule, commandPrefix });
};

/** Null when there is nothing to say. `CCM_CONFIG_INVALID` for a rule that Gemini CLI could not keep. */
export const policyFile = ({ allow, deny }: Pick<Permissions, 'allow' | 'deny'>): Result<string | null> => {
  const rules: Rule[] = [];
  for (const [decision, texts] of [['deny', deny] as const, ['allow', allow] as const]) {
    for (const text of texts) {
      const rule = ruleOf(text, decision);
      if (!rule.ok) return rule;
      rules.push(rule.value);
    }
  }
  return ok(rules.length > 0 ? stringify({ rule: rules }) : null);
};
