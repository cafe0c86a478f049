/** Nothing here yet: three steps, each ticked when it is done, and the one button that goes on. */
import { SignMark } from '../parts/sign.tsx';
import { profiles, projects, status } from '../store/home.ts';
import { newTaskOpen } from './new-task-open.ts';

const Step = ({ done, title, children }: { done: boolean; title: string; children: preact.ComponentChildren }) => (
  <li class={done ? 'done' : ''}>
    <span class={`step-mark ${done ? 'tone-good' : 'tone-rest'}`}>
      <SignMark sign={done ? 'check' : 'dots'} />
      <span class="hidden">{done ? 'done' : 'to do'}</span>
    </span>
    <div>
      <h3>{title}</h3>
      <p class="dim">{children}</p>
    </div>
  </li>
);

export const FirstSteps = () => {
  const tmux = status.value?.tmux;
  const found = profiles.value?.filter((p) => p.available) ?? [];
  const hasProject = (projects.value?.length ?? 0) > 0;
  return (
    <div class="first">
      <h2>Give an agent its first task</h2>
      <ol>
        <Step done={tmux?.connected === true} title="tmux is running">
          {tmux?.connected
            ? `Version ${tmux.version ?? 'unknown'}, on a socket of our own: your sessions are not touched.`
            : (tmux?.problem ?? 'Looking for it.')}
        </Step>
        <Step done={found.length > 0} title="An agent is installed">
          {found.length > 0
            ? `Found: ${found.map((p) => p.name).join(', ')}.`
            : 'Name one in config.toml under [agents.NAME]; any program can be an agent.'}
        </Step>
        <Step done={hasProject} title="There is a project">
          {hasProject ? (
            `${projects.value?.map((p) => p.name).join(', ')}.`
          ) : (
            <>
              <a href="/projects">Add a folder</a>, or run <code>ccm new "what to do"</code> inside one.
            </>
          )}
        </Step>
      </ol>
      <button type="button" class="primary" disabled={!hasProject} onClick={() => (newTaskOpen.value = true)}>
        New task <kbd aria-hidden="true">n</kbd>
      </button>
    </div>
  );
};
