/** Where a new task is done: which machine, when there are several, and there which project and which agent. */
import type { System } from '../api/types.ts';
import { query } from '../router.ts';
import { agoText, now } from '../store/clock.ts';
import { profiles, projects } from '../store/home.ts';
import { newTaskAgent } from './new-task-open.ts';

/** Not heard of for as long: it is said beside its name. */
const quietMs = 120_000;
const seenWords = ({ lastSeen }: System): string => {
  if (lastSeen === null) return ', never seen yet';
  return now.value - lastSeen < quietMs ? '' : `, seen ${agoText(lastSeen, now.value)}`;
};

/** Nothing where this is the only machine. */
export const Machine = ({ systems, onChoose }: { systems: readonly System[]; onChoose: (there: System | null) => void }) =>
  systems.some((one) => !one.here) ? (
    <label>
      Machine
      <select name="system" onChange={(event) => onChoose(systems.find(({ id }) => id === event.currentTarget.value) ?? null)}>
        <option value="">{systems.find((one) => one.here)?.name ?? 'This one'} (this machine)</option>
        {systems
          .filter((one) => !one.here)
          .map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
              {seenWords(one)}
            </option>
          ))}
      </select>
    </label>
  ) : null;

const Here = () => {
  const chosen = query.value.get('project') ?? '';
  const own = projects.value?.find((p) => p.name === chosen) ?? projects.value?.[0];
  return (
    <>
      <label>
        Project
        <select name="project" required={projects.value !== null}>
          {projects.value?.map((p) => (
            <option key={p.id} value={p.id} selected={p.id === own?.id}>
              {p.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Agent
        <select name="agent">
          <option value="">{own?.agent ? `As the project says (${own.agent})` : 'Default'}</option>
          {profiles.value?.map((p) => (
            <option key={p.name} value={p.name} disabled={!p.available} selected={p.name === newTaskAgent.value}>
              {p.name}
              {p.available ? '' : ' (not installed)'}
            </option>
          ))}
        </select>
      </label>
    </>
  );
};

const There = ({ system }: { system: System }) => (
  <>
    <label>
      Project on {system.name}
      <select name="project" required>
        {system.projects.map((p) => (
          <option key={p.id} value={p.id}>
            {p.name}
          </option>
        ))}
      </select>
    </label>
    <label>
      Agent
      <select name="agent">
        <option value="">As {system.name} decides</option>
        {system.agents.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  </>
);

export const ProjectAndAgent = ({ there }: { there: System | null }) => (
  <div class="form-pair">{there ? <There key={there.id} system={there} /> : <Here key="here" />}</div>
);
