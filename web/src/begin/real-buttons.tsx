/** One button for each agent program that can work: it opens the form of a new task with that agent chosen. */
import { newTaskAgent, newTaskOpen } from '../pages/new-task-open.ts';
import { foundAgents } from './checks.tsx';

const begin = (agent: string): void => {
  newTaskAgent.value = agent;
  newTaskOpen.value = true;
};

export const RealButtons = () => (
  <>
    {foundAgents().ready.map(({ name }) => (
      <button key={name} type="button" class="primary" onClick={() => begin(name)}>
        Give {name} a task
      </button>
    ))}
  </>
);
