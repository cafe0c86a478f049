/** A daemon that dies: launches under the key it is given, and is killed after some turns of its event loop. */
import { tmuxTerminal } from '../../../adapters/tmux/index.ts';
import { realClock } from '../../support/real-clock.ts';

const [home = '', key = '', delay = '0'] = process.argv.slice(2);
const terminal = tmuxTerminal({ home, clock: realClock, scope: 'off' });
await terminal.open();
void terminal.launch({
  key,
  session: 'project',
  title: key,
  cwd: home,
  argv: ['/bin/sh', '-c', `echo $$ >> born-${key}; exec sleep 100`],
  env: { PATH: process.env.PATH ?? '' },
});
const started = performance.now();
const die = (): void => {
  if (performance.now() - started >= Number(delay)) process.kill(process.pid, 'SIGKILL');
  setImmediate(die);
};
die();
