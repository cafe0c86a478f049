/** What an agent asked, and who decided: the last few, for `ccm show`. */
import type { Approval } from '../api/contract/index.ts';
import { byText } from './by.ts';
import type { Cli } from './cli.ts';
import { statusInk, statusText } from './status.ts';
import { cut, oneLine } from './width.ts';

const SHOWN = 5;

/** `7k3qd  allowed by policy  Bash: npm test (tests are harmless)`. */
const decidedLine = (cli: Cli, { short, status, decidedBy, tool, text, policy }: Approval): string => {
  const word = `${statusText(status)}${decidedBy === null ? '' : ` by ${byText(decidedBy)}`}`;
  const why = policy?.reason ? ` (${policy.reason})` : policy ? ` (${policy.rule})` : '';
  const asked = `${tool ? `${tool}: ` : ''}${oneLine(text)}`;
  const space = cli.columns() - short.length - word.length - 4;
  return `${cli.paint.bold(short)}  ${statusInk(status, cli.paint)(word)}  ${cut(cut(asked, Math.max(20, space - why.length)) + why, Math.max(10, space))}`;
};

export const decidedLines = (cli: Cli, asked: readonly Approval[]): string[] => {
  const decided = asked.filter(({ status }) => status !== 'pending');
  if (decided.length === 0) return [];
  const more = decided.length - SHOWN;
  return [cli.paint.dim(more > 0 ? `asked (${more} earlier)` : 'asked'), ...decided.slice(-SHOWN).map((one) => decidedLine(cli, one))];
};
