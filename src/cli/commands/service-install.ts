import { mkdirSync } from 'node:fs';
import { exits } from '../exit.ts';
import { makeRoom, openService, sure } from '../service.ts';
import type { Run } from '../spec.ts';
import { ticker } from '../ticker.ts';

export const run: Run = async (cli, input) => {
  const { service, spec } = await openService(cli);
  const wanted = sure(await spec());
  const plan = sure(service.plan(wanted));
  if (input.flag('dry-run')) {
    const consequence = `Would write ${plan.files.length} files, and start the daemon as ${plan.name}.`;
    cli.show({ data: { dryRun: true, legal: true, consequence, ...plan } }, () => [
      consequence,
      ...plan.files.flatMap(({ path, text }) => [
        '',
        cli.paint.bold(path),
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ]),
      '',
      ...plan.commands.map((command) => `then  ${command}`),
      plan.enabled,
      'Nothing was done.',
    ]);
    return exits.ok;
  }
  mkdirSync(cli.home.root, { recursive: true, mode: 0o700 });
  const before = await service.facts();
  // A daemon that was started by hand holds the home: it makes room, its agents go on and are found again.
  const gone = await makeRoom(cli, before.ok ? before.value.pid : null);
  if (gone !== null) cli.note(`Stopped the daemon that was started by hand (process ${gone}); its agents go on.`);
  const line = ticker(cli, () => 'Starting the service …');
  const done = await service.install(wanted);
  line.stop();
  const { files, name, enabled } = sure(done);
  const facts = sure(await service.facts(wanted));
  cli.show({ data: facts }, () => [
    `The daemon runs as ${name} (process ${facts.pid ?? 'unknown'}). It is started again when it crashes or hangs; agents go on meanwhile.`,
    ...files.map(({ path }) => `  ${path}`),
    enabled,
    '`ccm service uninstall` undoes it.',
  ]);
  return exits.ok;
};
