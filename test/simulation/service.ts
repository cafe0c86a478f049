/**
 * The service in a real systemd: a guest machine with the package installed, an ordinary user who lingers, and agents that must not notice
 * anything of what happens to the daemon: killed, frozen, hung, restarted, stopped, upgraded. Then a power cut, and at last the removal.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Guest, makeGuest } from '../support/guest/guest.ts';
import { guestRoot } from '../support/guest/root.ts';
import { until } from '../support/until.ts';
import { installGlobally, packInto } from './pack.ts';
import { type Campaign, type Ledger, ledger } from './report.ts';
import { inside } from './service-inside.ts';

export const runServiceCampaign: Campaign = async () => {
  const book = ledger('service');
  const pristine = await guestRoot();
  if ('missing' in pristine) {
    book.notRun('all of it', pristine.missing);
    return book.report;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ccm-service-'));
  let guest: Guest | undefined;
  try {
    guest = await makeGuest(pristine.root);
    const prefix = join(guest.root, 'opt/ccm');
    await installGlobally(await packInto(folder), prefix);
    await guest.boot();
    await play(book, guest, prefix);
  } catch (error) {
    await book.check('the guest', () => Promise.reject(error instanceof Error ? error : new Error(String(error))));
  } finally {
    await guest?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return book.report;
};

const play = async (book: Ledger, guest: Guest, prefix: string): Promise<void> => {
  const { ccm, daemonPid, agents, server, proved, knocked, survives } = inside(guest);
  const home = '/home/ccm';

  const began = await book.check('ccm service install: enabled, ready, nothing for systemd-analyze to say', async () => {
    await guest.user(`mkdir -p .config/ccm-orchestrator && cat > .config/ccm-orchestrator/config.toml <<'X'
concurrency = 8
[agents.loop]
command = ["/bin/sh", "-c", "while :; do echo . >> \\"$HOME/beats-$CCM_AGENT_ID\\"; sleep 0.1; done"]
mode = "oneshot"
X`);
    await guest.user('ccm service install');
    const { data } = JSON.parse(await ccm('service status --json')) as {
      data: { state: string; enabled: boolean; linger: boolean; says: string };
    };
    assert.deepEqual([data.state, data.enabled, data.linger], ['active running', true, true]);
    const said = await guest.user('systemd-analyze --user verify .config/systemd/user/ccm.service .config/systemd/user/ccm.socket 2>&1');
    assert.equal(said, '');
    return data.says;
  });
  if (!began) return;

  const placed = await book.check('agents run in a scope of their own, with nothing inherited that would hinder them', async () => {
    for (const name of ['one', 'two', 'three']) await ccm(`new demo "beat ${name}" --agent loop`);
    await until('three agents', async () => ((await agents()).length === 3 ? true : undefined), 120_000);
    const { pid } = await server();
    const group = await guest.admin(`cat /proc/${pid}/cgroup`);
    assert.match(group, /ccm-tmux-[0-9a-f]{12}\.scope/);
    const [pane] = await agents();
    const facts = await guest.admin(`grep -E '^(NoNewPrivs|Seccomp|Umask):' /proc/${pane}/status | tr -s '\\t\\n' ' '`);
    assert.match(facts, /Umask: 0022/);
    assert.match(facts, /NoNewPrivs: 0/);
    assert.match(facts, /Seccomp: 0/);
    return facts;
  });
  if (!placed) return;

  await book.check('kill -9: started again within 2 s, agents untouched', () =>
    survives(async (before) => {
      const at = performance.now();
      await guest.admin(`kill -9 ${before}`);
      await until('another process', async () => (![0, before].includes(await daemonPid()) ? true : undefined), 2000);
      const started = performance.now() - at;
      await proved(before, 30_000);
      const ready = performance.now() - at;
      // A start takes a good second of processor time: where others use it, the clock on the wall says nothing about us.
      const [load = 0] = loadavg();
      const busy = load > availableParallelism();
      assert.ok(busy || ready < 2000, `ready after ${Math.round(ready)} ms`);
      return `started after ${Math.round(started)} ms, ready after ${Math.round(ready)} ms${busy ? `, not judged at a load of ${load.toFixed(0)}` : ''}`;
    }),
  );
  for (let round = 0; round < 3; round += 1) {
    await book.check(`kill -9 again, ${round + 1} of 3, while a task is being made`, () =>
      survives(async (before) => {
        const made = ccm(`new demo "beat again" --agent loop --json`).catch(() => '');
        await guest.admin(`sleep 0.${round + 1}; kill -9 ${before}`);
        await proved(before, 30_000);
        const answer = await made;
        const { data } = JSON.parse(await ccm('ls --all --json')) as { data: Array<{ id: string; short: string; title: string }> };
        const id = answer === '' ? null : (JSON.parse(answer) as { data: { id: string } }).data.id;
        if (id !== null)
          assert.ok(
            data.some((task) => task.id === id),
            'an acknowledged task is lost',
          );
        for (const task of data.filter(({ title }) => title === 'beat again')) await ccm(`kill ${task.short}`).catch(() => '');
        return id === null ? 'not acknowledged' : 'acknowledged and kept';
      }),
    );
  }

  // The person's own setting, in the person's own place; the shipped patience is 20 s.
  await guest.user(`mkdir -p .config/systemd/user/ccm.service.d && printf '[Service]\\nWatchdogSec=3s\\nTimeoutStopSec=5s\\n' > .config/systemd/user/ccm.service.d/fast.conf
    systemctl --user daemon-reload && systemctl --user restart ccm.service`);
  await book.check('watchdog: left alone while it works', async () => {
    const before = await daemonPid();
    await guest.admin('sleep 7');
    assert.equal(await daemonPid(), before);
  });
  await book.check('SIGSTOP: the watchdog starts it again, agents untouched', () =>
    survives(async (before) => {
      const at = performance.now();
      await guest.admin(`kill -STOP ${before}`);
      await proved(before, 40_000);
      return `${((performance.now() - at) / 1000).toFixed(1)} s with a patience of 3 s`;
    }),
  );
  await book.check('a loop that never ends: the watchdog starts it again, agents untouched', () =>
    survives(async (before) => {
      // The inspector is the way into a running Node.
      await guest.admin(`kill -USR1 ${before}`);
      await guest.user(`node -e "
        const found = async () => { for (let i = 0; i < 50; i += 1) { const reply = await fetch('http://127.0.0.1:9229/json').catch(() => null); if (reply) return reply.json(); await new Promise((r) => setTimeout(r, 100)); } throw new Error('no inspector'); };
        found().then(([{ webSocketDebuggerUrl }]) => { const s = new WebSocket(webSocketDebuggerUrl); s.onopen = () => { s.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } })); setTimeout(() => process.exit(0), 300); }; });
      "`);
      const at = performance.now();
      await proved(before, 40_000);
      return `${((performance.now() - at) / 1000).toFixed(1)} s with a patience of 3 s`;
    }),
  );

  for (const [what, line] of [
    ['systemctl restart', 'systemctl --user restart ccm.service'],
    ['ccm up --takeover', 'ccm up --takeover --no-open'],
  ] as const)
    await book.check(`${what}: nobody who knocks meanwhile is turned away`, () =>
      survives(async (before) => {
        const { answered, refused, cut } = await knocked(before, line);
        assert.equal(refused, 0);
        // What was being answered at the moment of the stop may be cut; a closed door may not be.
        assert.ok(cut <= 3, `${cut} cut`);
        return `${answered} answered, ${cut} cut in the middle, 0 refused`;
      }),
    );
  await book.check('ccm up --takeover from a daemon that is frozen: systemd, which has the door, ends it and starts another', () =>
    survives(async (before) => {
      // Longer than the patience of the command line, or the watchdog is faster.
      const drop = '.config/systemd/user/ccm.service.d/patient.conf';
      await guest.user(
        `printf '[Service]\\nWatchdogSec=60s\\n' > ${drop}; systemctl --user daemon-reload; systemctl --user restart ccm.service`,
      );
      await proved(before, 30_000);
      const frozen = await daemonPid();
      await guest.admin(`kill -STOP ${frozen}`);
      const at = performance.now();
      assert.match(await ccm('up --takeover --no-open'), /The daemon that runs now is process \d+; agents went on\./);
      await proved(frozen, 30_000);
      await guest.user(`rm ${drop}; systemctl --user daemon-reload`);
      return `after ${((performance.now() - at) / 1000).toFixed(1)} s, with a patience of 5 s for its end`;
    }),
  );
  await book.check('ccm down stops it for good, ccm up finds the agents', () =>
    survives(async () => {
      await ccm('down');
      assert.equal(await guest.user('systemctl --user is-active ccm.service ccm.socket || true'), 'inactive\ninactive');
      await guest.admin('sleep 1');
      assert.equal(await guest.user('systemctl --user is-active ccm.service || true'), 'inactive');
      assert.match(await ccm('up --no-open'), /runs as ccm\.service/);
    }),
  );
  await book.check('the package is upgraded under running agents', () =>
    survives(async () => {
      const place = join(prefix, 'lib/node_modules/ccm-orchestrator');
      const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string };
      // npm puts the new one in the old one's place; there is no registry inside.
      cpSync(place, `${place}.new`, { recursive: true });
      writeFileSync(join(`${place}.new`, 'package.json'), JSON.stringify({ ...manifest, version: '9.9.9' }));
      await guest.admin(
        'cd /opt/ccm/lib/node_modules && mv ccm-orchestrator old && mv ccm-orchestrator.new ccm-orchestrator && rm -rf old',
      );
      await guest.user('systemctl --user restart ccm.service');
      const { data } = JSON.parse(await ccm('status --json')) as { data: { version: string } };
      assert.equal(data.version, '9.9.9');
      return `${manifest.version} to ${data.version}`;
    }),
  );

  await book.check('a directive like NoNewPrivileges would reach the agents, which is why there is none', async () => {
    await ccm('down --all');
    await guest.user(
      `printf '[Service]\\nNoNewPrivileges=yes\\n' > .config/systemd/user/ccm.service.d/fast.conf; systemctl --user daemon-reload`,
    );
    await ccm('up --no-open');
    const { pid } = await server();
    const facts = await guest.admin(`grep NoNewPrivs /proc/${pid}/status | tr '\\t' ' '`);
    await ccm('down --all');
    await guest.user('rm -r .config/systemd/user/ccm.service.d; systemctl --user daemon-reload');
    await ccm('up --no-open');
    assert.equal(facts, 'NoNewPrivs: 1');
    return `${facts} in the scope`;
  });

  await book.check('power cut and boot: active without a login, the task is told to have been cut short', async () => {
    await ccm('new demo "beat before the cut" --agent loop');
    await until('the agent', async () => ((await agents()).length === 1 ? true : undefined), 120_000);
    await guest.cut();
    const at = performance.now();
    await guest.boot();
    await proved(0, 60_000);
    const ms = performance.now() - at;
    const { data } = JSON.parse(await ccm('ls --all --json')) as { data: Array<{ title: string; status: string }> };
    const task = data.find(({ title }) => title.startsWith('beat before'));
    assert.ok(task, 'the task is lost');
    await guest.user('loginctl show-user ccm --property=Sessions --value').then((sessions) => assert.equal(sessions, ''));
    return `ready ${(ms / 1000).toFixed(1)} s after the power came back; the task: ${task.status}`;
  });

  await book.check(
    'ccm panic: no process of an agent is left, none that ran out of its window and family either; the daemon lives',
    async () => {
      await guest.user(`cat >> .config/ccm-orchestrator/config.toml <<'X'
[agents.runaway]
command = ["/bin/sh", "-c", "sleep 3001 & setsid sleep 3002 & (setsid sh -c 'sleep 3003 & :' &) ; exec sleep 3000"]
mode = "oneshot"
X
systemctl --user restart ccm.service`);
      const sleeping = () => guest.admin(`pgrep -u ccm -x -a sleep | grep -o '300[0-9]' | sort | tr '\\n' ' '`);
      await ccm('new demo "run away" --agent runaway');
      await until('all of them', async () => ((await sleeping()).trim() === '3000 3001 3002 3003' ? true : undefined), 60_000);
      const before = await daemonPid();
      const said = await ccm('panic');
      assert.match(said, /No process of an agent is left/);
      assert.equal((await sleeping()).trim(), '');
      assert.deepEqual(await agents(), []);
      assert.equal(await daemonPid(), before);
      // What is left in the scope is the terminal server alone; with the daemon's own end that goes, too.
      const group = await guest.user(`systemctl --user show 'ccm-tmux*' -p ControlGroup --value | head -1`);
      const left = await guest.admin(
        `for p in $(cat /sys/fs/cgroup${group}/cgroup.procs); do cat /proc/$p/comm; done | sort -u | tr '\\n' ' '`,
      );
      assert.match(left.trim(), /^tmux: server$/);
      await ccm('down --all');
      assert.equal(await guest.user(`systemctl --user list-units --all --plain --no-legend 'ccm-tmux*' | cat`), '');
      await ccm('up --no-open');
      return `left in the scope: ${left.trim()}; after down --all no scope`;
    },
  );

  await book.check('ccm service uninstall leaves nothing of it, and the agents alone', async () => {
    await ccm('new demo "beat on" --agent loop');
    await until('the agent', async () => ((await agents()).length > 0 ? true : undefined), 120_000);
    const before = await agents();
    await ccm('service uninstall');
    assert.equal(await guest.user(`find .config/systemd -name '*ccm*'`), '');
    assert.equal(await guest.user(`systemctl --user list-units --all --plain --no-legend 'ccm.*' | cat`), '');
    assert.equal(await guest.user(`systemctl --user list-unit-files --no-legend 'ccm.*' | cat`), '');
    assert.deepEqual(await agents(), before);
    await ccm('down --all');
    assert.equal(await guest.admin(`pgrep -u ccm -a 'node|tmux|sh' | grep -v systemd | cat`), '');
    assert.equal(await guest.user(`systemctl --user list-units --all --plain --no-legend 'ccm-tmux*' | cat`), '');
    return `files below ${home}/.config/systemd, units, scope and processes looked for`;
  });
};
