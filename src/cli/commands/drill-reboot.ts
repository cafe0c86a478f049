import { duration } from '../age.ts';
import { eventually, killed, makeDrill } from '../drill.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { pairs } from '../table.ts';
import { ticker } from '../ticker.ts';

const FLEET_MS = 120_000;

export const run: Run = async (cli, input) => {
  const agents = input.number('agents', 1, 200) ?? 5;
  if (input.flag('dry-run')) {
    const consequence = `Would start ${agents} agents in a throw-away home, kill their terminal and their daemon, start it again and look at what is left.`;
    cli.show({ data: { dryRun: true, legal: true, consequence, agents } }, () => [consequence, 'Nothing was done.']);
    return exits.ok;
  }
  let doing = 'Making a throw-away home …';
  const line = ticker(cli, () => doing);
  const drill = await makeDrill(cli, agents);
  try {
    const { pid } = await drill.start();
    doing = `Starting ${agents} agents …`;
    const begun: string[] = [];
    for (let i = 0; i < agents; i += 1) begun.push((await drill.begin()).id);
    const working = async (): Promise<boolean> => {
      const tasks = await drill.tasks();
      return begun.every((id) => tasks.find((task) => task.id === id)?.status === 'working');
    };
    await eventually('All agents at work', async () => (await working()) && drill.starts().size === agents, FLEET_MS);
    const before = drill.starts();

    doing = 'Killing terminal and daemon …';
    // As a reboot does it: at once, and nobody says good-bye.
    await Promise.all([killed(drill.terminal()), killed(pid)]);
    const began = performance.now();
    doing = 'Starting it again …';
    await drill.start();
    const readyMs = Math.round(performance.now() - began);
    await eventually(
      'All agents at work again',
      async () => {
        const now = drill.starts();
        return begun.every((id) => (now.get(id) ?? 0) > (before.get(id) ?? 0)) && (await working());
      },
      FLEET_MS,
    );
    const workingMs = Math.round(performance.now() - began);

    const tasks = await drill.tasks();
    const lost = begun.filter((id) => !tasks.some((task) => task.id === id)).length;
    const after = drill.starts();
    const doubled = begun.filter((id) => (after.get(id) ?? 0) > (before.get(id) ?? 0) + 1).length;
    const { data: verified } = await drill.cli.api.post<{ checked: number; findings: unknown[] }>('/verify', { body: {} });
    line.stop();
    const data = { agents, readyMs, workingMs, lost, doubled, checked: verified.checked, findings: verified.findings.length };
    const sound = lost === 0 && doubled === 0 && data.findings === 0;
    cli.show({ data }, () => [
      ...pairs(
        [
          ['killed', `the terminal with ${agents} agents, and the daemon`],
          ['daemon ready', `after ${duration(readyMs)}`],
          ['agents at work', `after ${duration(workingMs)}, each started once more`],
          ['lost', `${lost} of ${agents} tasks`],
          ['doubled', `${doubled}`],
          ['history', `${verified.checked} steps, ${data.findings} wrong`],
        ],
        cli.columns(),
        cli.paint.dim,
      ),
      sound ? cli.paint.green('✓ Nothing was lost.') : cli.paint.red('✗ Something was lost: see above.'),
    ]);
    return sound ? exits.ok : exits.failed;
  } finally {
    doing = 'Tidying up …';
    await drill.end();
    line.stop();
  }
};
