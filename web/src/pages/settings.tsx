/** What this home is set up to do: agents, notifications, look, tokens, and the daemon itself. */
import { useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { Verified } from '../api/types.ts';
import { notifyWish, toggleNotify } from '../notify.ts';
import { Age } from '../parts/age.tsx';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { profiles, status } from '../store/home.ts';
import { nextTheme, theme } from '../theme.ts';
import { Tokens } from './tokens.tsx';

const Agents = () => (
  <section class="panel settings-part">
    <h2>Agents</h2>
    {profiles.value === null && <Loading what="agents" />}
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Agents">
      <table class="evidence">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Way of working</th>
            <th scope="col">Command</th>
            <th scope="col">Found</th>
          </tr>
        </thead>
        <tbody>
          {profiles.value?.map((p) => (
            <tr key={p.name}>
              <th scope="row">{p.name}</th>
              <td>{p.kind}</td>
              <td>{p.mode}</td>
              <td class="mono">{p.command.join(' ')}</td>
              <td>{p.available ? 'yes' : (p.problem ?? 'no')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <p class="dim small">
      Agents, their permissions and limits are set in <code>{status.value?.home}/config.toml</code>, section <code>[agents.NAME]</code>;{' '}
      <code>ccm doctor</code> checks it.
    </p>
  </section>
);

const wishWords = {
  on: 'On: the browser tells you when an agent asks while you look elsewhere.',
  off: 'Off.',
  refused: 'The browser refuses them for this page; its own settings can allow them again.',
  impossible: 'This browser has none.',
} as const;

const Look = () => (
  <section class="panel settings-part">
    <h2>This browser</h2>
    <div class="setting">
      <span>Notifications. {wishWords[notifyWish.value]}</span>
      <button
        type="button"
        disabled={notifyWish.value === 'refused' || notifyWish.value === 'impossible'}
        onClick={() => void toggleNotify()}
      >
        {notifyWish.value === 'on' ? 'Turn off' : 'Turn on'}
      </button>
    </div>
    <div class="setting">
      <span>Theme: {theme.value === 'system' ? 'as the system says' : theme.value}.</span>
      <button type="button" onClick={nextTheme}>
        Change
      </button>
    </div>
  </section>
);

const Daemon = () => {
  const [checked, setChecked] = useState<Verified | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const now = status.value;
  if (!now) return null;
  const verify = async (): Promise<void> => {
    setBusy(true);
    const answer = await post<Verified>('/verify', {});
    setBusy(false);
    setChecked(answer.ok ? answer.data : null);
    setTrouble(answer.ok ? null : answer.trouble);
  };
  return (
    <section class="panel settings-part">
      <h2>The daemon</h2>
      <dl class="facts">
        <div>
          <dt>Version</dt>
          <dd>
            {now.version}, Node {now.node}, process {now.pid}
          </dd>
        </div>
        <div>
          <dt>Home</dt>
          <dd class="mono">{now.home}</dd>
        </div>
        <div>
          <dt>Running</dt>
          <dd>
            <Age at={now.startedAt} how="for" />
          </dd>
        </div>
        <div>
          <dt>Agents at once</dt>
          <dd>{now.limits.concurrency}</dd>
        </div>
        <div>
          <dt>tmux</dt>
          <dd>
            {now.tmux.connected ? `${now.tmux.version ?? ''}, socket ${now.tmux.socket ?? ''}` : (now.tmux.problem ?? 'not connected')}
          </dd>
        </div>
        <div>
          <dt>Put aside</dt>
          <dd>{now.parked === 0 ? 'nothing' : `${plural(now.parked, 'event')}; see ccm doctor`}</dd>
        </div>
      </dl>
      <div class="setting">
        <span role="status">
          {checked === null
            ? 'Every step is chained to the one before; the chain can be checked at any time.'
            : checked.findings.length === 0
              ? `${plural(checked.checked, 'step')} checked, nothing found.`
              : `${plural(checked.findings.length, 'finding')}: ${checked.findings.map((f) => f.problem).join(' ')}`}
        </span>
        <button type="button" disabled={busy} onClick={() => void verify()}>
          {busy ? 'Checking …' : 'Check the history'}
        </button>
      </div>
      {trouble && <TroubleBox trouble={trouble} />}
    </section>
  );
};

export const Settings = () => (
  <div class="narrow stack">
    <h1>Settings</h1>
    <Agents />
    <Look />
    <Tokens />
    <Daemon />
  </div>
);
