/** While nobody but the demo agent has worked here: how to go on with a real one. */
import { Ticked } from '../parts/ticked.tsx';
import { profiles, projects, tasks } from '../store/home.ts';
import { newTaskAgent, newTaskOpen } from './new-task-open.ts';

const begin = (agent: string): void => {
  newTaskAgent.value = agent;
  newTaskOpen.value = true;
};

export const NextSteps = () => {
  const known = profiles.value;
  if (known === null || projects.value === null) return null;
  const demo = new Set(known.filter(({ kind }) => kind === 'demo').map(({ name }) => name));
  if ([...(tasks.value?.values() ?? [])].some(({ profile }) => !demo.has(profile))) return null;
  const found = known.filter(({ kind, available }) => kind !== 'demo' && available);
  const ready = found.filter(({ lacks }) => lacks === null);
  return (
    <section class="first next" aria-label="Next steps">
      <h2>Now with an agent of your own</h2>
      {ready.length > 0 && (
        <p class="offers">
          {ready.map(({ name }) => (
            <button key={name} type="button" class="primary" onClick={() => begin(name)}>
              Give {name} a task
            </button>
          ))}
        </p>
      )}
      {found.map(
        ({ name, lacks }) =>
          lacks && (
            <p key={name}>
              <Ticked text={`${name} is installed. ${lacks.sentence} ${lacks.next}`} />
            </p>
          ),
      )}
      {found.length === 0 && (
        <p>
          Install Claude Code, Gemini CLI or Codex, or name any program in config.toml under <code>[agents.NAME]</code>.
        </p>
      )}
      <p class="dim">
        <a href="/projects">Add a project</a> · <a href="/sync">Join another machine</a>
      </p>
    </section>
  );
};
