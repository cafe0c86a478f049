/** Looking at the daemon and its agents inside a guest. */
import assert from 'node:assert/strict';
import type { Guest } from '../support/guest/guest.ts';
import { until } from '../support/until.ts';

const data = '/home/ccm/.local/share/ccm-orchestrator';

export const inside = (guest: Guest) => {
  const ccm = (line: string) => guest.user(`ccm ${line}`);
  const server = async (): Promise<{ pid: number; socket: string }> =>
    JSON.parse(await guest.user(`cat ${data}/tmux/tmux-server.json`)) as { pid: number; socket: string };
  const daemonPid = async (): Promise<number> => Number(await guest.user('systemctl --user show ccm.service -p MainPID --value'));

  /** Processes of the agents' windows, oldest first. */
  const agents = async (): Promise<number[]> => {
    const { socket } = await server();
    const listed = await guest.user(
      `tmux -S ${socket} list-panes -a -f '#{&&:#{!=:#{session_name},_hub},#{==:#{pane_dead},0}}' -F '#{pane_pid}' 2>/dev/null | sort -n | cat`,
    );
    return listed.split('\n').filter(Boolean).map(Number);
  };
  const beats = async (): Promise<number> => Number(await guest.user('cat beats-* 2>/dev/null | wc -l'));

  /** A daemon of another pid says that it is ready. */
  const proved = (before: number, boundMs = 30_000): Promise<true> =>
    until(
      'a new daemon to be ready',
      async () => {
        const line = `p=$(systemctl --user show ccm.service -p MainPID --value); [ "$p" != 0 ] && [ "$p" != ${before} ] && node -e "fetch('http://127.0.0.1:8765/readyz', { signal: AbortSignal.timeout(2000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"`;
        return guest.user(line).then(
          () => true as const,
          () => undefined,
        );
      },
      boundMs,
    );

  /** Three callers knock without a pause, from before the line is run until a daemon of another pid is ready. */
  const knocked = async (before: number, line: string): Promise<{ answered: number; refused: number; cut: number }> => {
    await guest.user('rm -f knock-no-more');
    const knocks = guest.user(
      `node -e "
      const { existsSync } = require('node:fs'); let answered = 0; const codes = [];
      const knock = async () => { while (!existsSync('knock-no-more')) { await fetch('http://127.0.0.1:8765/readyz', { headers: { connection: 'close' } }).then(() => { answered += 1; }, (e) => codes.push(e.cause?.code ?? String(e))); } };
      Promise.all([knock(), knock(), knock()]).then(() => { const refused = codes.filter((code) => code === 'ECONNREFUSED').length; console.log(JSON.stringify({ answered, refused, cut: codes.length - refused })); });
    "`,
      120_000,
    );
    await guest.user(`sleep 0.5; ${line}`);
    await proved(before, 30_000);
    await guest.user('touch knock-no-more');
    return JSON.parse(await knocks) as { answered: number; refused: number; cut: number };
  };

  /** Does it, and demands the same windows with the same processes afterwards, still at work, known to the daemon. */
  const survives = async (deed: (daemon: number) => Promise<string | void>): Promise<string | void> => {
    const before = await agents();
    assert.ok(before.length > 0, 'no agents to look at');
    const said = await deed(await daemonPid());
    const after = await agents();
    assert.deepEqual(
      before.filter((pid) => !after.includes(pid)),
      [],
      'agents are gone',
    );
    const beat = await beats();
    await until('the agents to go on', async () => ((await beats()) > beat + 3 ? true : undefined), 5000);
    await until(
      'the daemon to know its agents',
      async () => {
        const { data: tasks } = JSON.parse(await ccm('ls --json')) as { data: Array<{ title: string; status: string }> };
        return tasks.filter(({ title, status }) => /^beat (?:one|two|three)$/.test(title) && status === 'working').length === 3
          ? true
          : undefined;
      },
      15_000,
    );
    return said;
  };

  return { ccm, server, daemonPid, agents, proved, knocked, survives };
};
