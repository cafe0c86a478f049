/** Every command, in the order of the overview. */
import type { Spec } from '../spec.ts';
import { decide } from './decide.ts';
import { inspect } from './inspect.ts';
import { look } from './look.ts';
import { maintain } from './maintain.ts';
import { projects } from './projects.ts';
import { secrets } from './secrets.ts';
import { startAndStop } from './start-and-stop.ts';
import { steer } from './steer.ts';
import { sync } from './sync.ts';
import { tasks } from './tasks.ts';

export const specs: readonly Spec[] = [
  ...startAndStop,
  ...tasks,
  ...steer,
  ...look,
  ...decide,
  ...projects,
  ...sync,
  ...inspect,
  ...maintain,
  ...secrets,
];
