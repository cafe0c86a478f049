/** An agent for people. */
import type { Agent } from '../api/contract/index.ts';
import { age } from './age.ts';
import type { Cli } from './cli.ts';
import { limitText } from './limit-text.ts';
import { statusInk, statusText, statusWord } from './status.ts';
import { pairs } from './table.ts';
import { usageText } from './usage-lines.ts';

export const agentSheet = (cli: Cli, agent: Agent): string[] => [
  `${cli.paint.bold(agent.short)}  ${statusInk(agent.status, cli.paint)(statusText(agent.status))}  agent of ${agent.task.short}`,
  ...pairs(
    [
      ['task', agent.task.title],
      ['profile', agent.profile],
      ['process', `${statusWord(agent.process)}${agent.pid === null ? '' : `, pid ${agent.pid}`}, start ${agent.launch}`],
      ['talking', `${statusWord(agent.conversation)} for ${age(cli.now() - agent.since)}`],
      ['limit', limitText(agent.limit, cli.now())],
      ['progress', agent.progress],
      ['reported', agent.reported],
      ['attempt', String(agent.attempt)],
      ['restarts', agent.restarts === 0 ? null : String(agent.restarts)],
      [
        'exit',
        agent.exit
          ? agent.exit.code !== null
            ? `code ${agent.exit.code}`
            : agent.exit.signal !== null
              ? `signal ${agent.exit.signal}`
              : 'unknown'
          : null,
      ],
      ['used', agent.usage ? usageText(agent.usage) : null],
      ['branch', agent.branch],
      ['worktree', agent.worktree],
      ['pane', agent.pane],
      ['possible', agent.commands.map(({ verb }) => verb).join(', ')],
      ['id', { text: agent.id, paint: cli.paint.dim }],
    ],
    cli.columns(),
    cli.paint.dim,
  ),
];
