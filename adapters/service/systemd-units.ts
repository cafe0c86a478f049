/** The two unit files of a home, from the templates. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src/errors.ts';
import type { ServiceSpec, UnitFile } from '../../src/ports/service.ts';
import { unitName } from './names.ts';
import { render } from './render.ts';
import { argument, assignment, unfit, wholePath } from './systemd-quote.ts';

/** `folder`: where the user's units lie. `ipv6`: there is a `::1` to listen on. */
export const unitFiles = (spec: ServiceSpec, folder: string, ipv6: boolean): Result<UnitFile[]> => {
  const env = { PATH: spec.path, ...spec.env, ...(spec.ownHome ? { CCM_HOME: spec.home } : {}) };
  const wrong = [spec.home, spec.node, spec.cli, ...Object.values(env)].find(unfit);
  if (wrong !== undefined) {
    return fail('CCM_SERVICE_FAILED', `A unit file cannot hold ${JSON.stringify(wrong.slice(0, 200))}: it contains a control character.`);
  }
  const name = unitName(spec.home, spec.ownHome);
  const addresses = ['127.0.0.1', ...(ipv6 ? ['[::1]'] : [])];
  return ok([
    {
      path: join(folder, `${name}.service`),
      text: render('ccm.service', {
        name,
        home: wholePath(spec.home),
        environment: Object.entries(env)
          .map(([variable, value]) => assignment(variable, value))
          .join('\n'),
        start: [spec.node, spec.cli, 'up', '--no-open'].map(argument).join(' '),
      }),
    },
    {
      path: join(folder, `${name}.socket`),
      text: render('ccm.socket', { name, listen: addresses.map((address) => `ListenStream=${address}:${spec.port}`).join('\n') }),
    },
  ]);
};
