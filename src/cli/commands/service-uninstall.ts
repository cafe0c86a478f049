import { exits } from '../exit.ts';
import { openService, sure } from '../service.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const { service } = await openService(cli);
  const there = service.installed();
  if (there.length === 0 && !input.flag('dry-run')) {
    cli.show({ data: { installed: false, removed: [] } }, () => ['The service is not installed.']);
    return exits.ok;
  }
  if (input.flag('dry-run')) {
    const consequence =
      there.length === 0 ? 'The service is not installed.' : `Would stop the daemon and remove ${there.join(' and ')}; agents go on.`;
    cli.show({ data: { dryRun: true, legal: true, consequence, files: there } }, () => [consequence, 'Nothing was done.']);
    return exits.ok;
  }
  const removed = sure(await service.uninstall());
  cli.show({ data: { installed: false, removed } }, () => [
    'Stopped the service and removed:',
    ...removed.map((path) => `  ${path}`),
    'Agents go on; `ccm up` finds them again.',
  ]);
  return exits.ok;
};
