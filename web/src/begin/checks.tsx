/** What is there to begin with, ticked as it comes: looked at again every few seconds while somebody looks. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ProfileView } from '../api/types.ts';
import { SignMark } from '../parts/sign.tsx';
import { Ticked } from '../parts/ticked.tsx';
import { wordsOf } from '../parts/words.ts';
import { profiles, projects, readBasics, status } from '../store/home.ts';
import { hubOpen } from './hub-open.ts';

const lookEvery = 3000;

/** A program that is installed elsewhere, a folder that is added by the command line: nothing tells the page of those. */
export const useLookingAgain = (): void => {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void readBasics();
    }, lookEvery);
    return () => clearInterval(timer);
  }, []);
};

type Standing = 'done' | 'to do' | 'optional';
const Step = ({ is, title, children }: { is: Standing; title: string; children: ComponentChildren }) => (
  <li class={is === 'done' ? 'done' : ''}>
    <span class={`step-mark ${is === 'done' ? 'tone-good' : 'tone-rest'}`}>
      <SignMark sign={is === 'done' ? 'check' : is === 'optional' ? 'dash' : 'dots'} />
      <span class="hidden">{is}</span>
    </span>
    <div>
      <h3>{title}</h3>
      {children}
    </div>
  </li>
);

/** Programs other than the demo agent that were found; `ready`: nothing is known to be missing. */
export const foundAgents = (): { found: ProfileView[]; ready: ProfileView[] } => {
  const found = (profiles.value ?? []).filter(({ kind, available }) => kind !== 'demo' && available);
  return { found, ready: found.filter(({ lacks }) => lacks === null) };
};

/** Each program with what it still lacks. */
export const AgentWords = () => {
  const { found, ready } = foundAgents();
  if (found.length === 0)
    return (
      <p class="dim">
        Install Claude Code, Gemini CLI or Codex, or name any program in config.toml under <code>[agents.NAME]</code>. Until then there is
        the demo agent.
      </p>
    );
  return (
    <>
      {ready.length > 0 && <p class="dim">Found: {ready.map(({ name }) => name).join(', ')}.</p>}
      {found.map(
        ({ name, lacks }) =>
          lacks && (
            <p key={name} class="dim">
              <Ticked text={`${name} is installed. ${lacks.sentence} ${lacks.next}`} />
            </p>
          ),
      )}
    </>
  );
};

export const Checks = () => {
  useLookingAgain();
  const tmux = status.value?.tmux;
  const link = status.value?.sync.state ?? 'localOnly';
  const names = projects.value?.map(({ name }) => name) ?? [];
  const { ready } = foundAgents();
  return (
    <ol class="checks">
      <Step is={tmux?.connected === true ? 'done' : 'to do'} title="tmux is running">
        <p class="dim">
          {tmux?.connected
            ? `Version ${tmux.version ?? 'unknown'}, on a socket of our own: your sessions are not touched.`
            : (tmux?.problem ?? 'Looking for it.')}
        </p>
      </Step>
      <Step is={ready.length > 0 ? 'done' : 'to do'} title="An agent program is ready">
        <AgentWords />
      </Step>
      <Step is={names.length > 0 ? 'done' : 'to do'} title="There is a project">
        <p class="dim">
          {names.length > 0 ? (
            `${names.join(', ')}.`
          ) : (
            <>
              <a href="/projects">Add a folder</a>, or run <code>ccm new "what to do"</code> inside one.
            </>
          )}
        </p>
      </Step>
      <Step is={link === 'localOnly' ? 'optional' : 'done'} title="A hub joins your machines">
        {link === 'localOnly' ? (
          <>
            <p class="dim">Not needed: everything works without one, and nothing leaves this machine.</p>
            <button type="button" class="small" onClick={() => (hubOpen.value = 'connect')}>
              Connect a hub
            </button>
          </>
        ) : (
          <p class="dim">
            The <a href="/sync">link</a> is {wordsOf(link)}.
          </p>
        )}
      </Step>
    </ol>
  );
};
