/** What a person decided in advance about permissions that agents ask for. First rule that fits, top to bottom. Pure. */

export type Rule = {
  decision: 'allow' | 'deny' | 'ask';
  /** Patterns with `*`; null fits anything. Project and agent by name. */
  project: string | null;
  agent: string | null;
  tool: string | null;
  /** Of what the call works on: a command, a file, an address. */
  pattern: string | null;
  /** Shown wherever the decision is. */
  reason: string | null;
};

export type Asked = {
  project: string;
  agent: string;
  tool: string | null;
  /** The command, file or address itself, without words around it. */
  subject: string;
};

/** `ask`: a rule says that a person decides. */
export type Ruling = { decision: Rule['decision'] /** The rule in words. */; rule: string; reason: string | null };

export const ruleOn = (rules: readonly Rule[], asked: Asked): Ruling | null => {
  const rule = rules.find((one) => fits(one, asked));
  return rule ? { decision: rule.decision, rule: inWords(rule), reason: rule.reason } : null;
};

const fits = (rule: Rule, { project, agent, tool, subject }: Asked): boolean =>
  like(rule.project, project) &&
  like(rule.agent, agent) &&
  (rule.tool === null || (tool !== null && like(rule.tool, tool))) &&
  (rule.pattern === null ||
    rule.pattern === '*' ||
    (rule.decision === 'allow' ? allows(rule.pattern, subject) : touches(rule.pattern, subject)));

/** `*` stands for anything, also for nothing. */
const like = (pattern: string | null, text: string): boolean => {
  if (pattern === null || pattern === '*') return true;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(text);
};

/** What a shell runs one after another, or side by side. */
const partsOf = (text: string): string[] =>
  text
    .split(/&&|\|\||[;|&\n\r]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Ways in which a text does more, or elsewhere, than it seems to: commands inside commands, redirections, ways out of a folder. */
const tricks = [/\$\(/u, /`/u, /\$\{/u, /[<>]/u, /(?:^|[/\s"'=])\.\.(?:$|[/\s"'])/u];

/** Nothing of the text may be outside of the pattern; a trick only where the pattern itself has it. */
const allows = (pattern: string, text: string): boolean => {
  if (text === pattern) return true;
  if (tricks.some((trick) => trick.test(text) && !trick.test(pattern))) return false;
  const parts = partsOf(text);
  return parts.length > 0 && parts.every((part) => like(pattern, part));
};

const touches = (pattern: string, text: string): boolean => like(pattern, text.trim()) || partsOf(text).some((part) => like(pattern, part));

/** `deny Bash "rm *" in shop for claude`. */
const inWords = ({ decision, project, agent, tool, pattern }: Rule): string =>
  [
    decision,
    tool ?? (pattern === null ? 'everything' : 'anything'),
    pattern === null ? '' : `"${pattern}"`,
    project === null ? '' : `in ${project}`,
    agent === null ? '' : `for ${agent}`,
  ]
    .filter(Boolean)
    .join(' ');

/** Rules that can never count because one above them fits everything that they fit. Places from 0. */
export const neverReached = (rules: readonly Rule[]): Array<{ at: number; because: number }> =>
  rules.flatMap((rule, at) => {
    const because = rules.findIndex((earlier, place) => place < at && covers(earlier, rule));
    return because === -1 ? [] : [{ at, because }];
  });

const covers = (wide: Rule, narrow: Rule): boolean =>
  (['project', 'agent', 'tool'] as const).every((key) => wide[key] === null || wide[key] === '*' || wide[key] === narrow[key]) &&
  (wide.pattern === null ||
    wide.pattern === '*' ||
    (wide.pattern === narrow.pattern && (wide.decision !== 'allow' || narrow.decision === 'allow')));
