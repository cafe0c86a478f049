/** Nobody but the demo agent has worked here, and more is known than nothing. */
import { computed } from '@preact/signals';
import { profiles, projects, tasks } from '../store/home.ts';

export const onlyDemo = computed<boolean>(() => {
  const known = profiles.value;
  if (known === null || projects.value === null || tasks.value === null) return false;
  const demo = new Set(known.filter(({ kind }) => kind === 'demo').map(({ name }) => name));
  return [...tasks.value.values()].every(({ profile }) => demo.has(profile));
});
