/** A person's command, given to any actor by its verb: carried out, or told beforehand. */
import type { Consequence } from '../api/contract/envelope.ts';
import { fail, ok, problemOf, type Result } from '../errors.ts';
import type { ActorState } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { commandsOf } from './commands.ts';
import { consequenceOf } from './consequence.ts';
import type { ServiceDeps } from './deps.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Either the consequence (dry run) or the state after it. */
export type Outcome = { consequence: Consequence } | { state: ActorState };

export type Orders = {
  give(state: ActorState, verb: string, fields: Fields, caller: Caller, dry: boolean): Promise<Result<Outcome>>;
};

export const orderDesk = ({ runtime, kinds }: Pick<ServiceDeps, 'runtime' | 'kinds'>): Orders => ({
  give: async (state, verb, fields, caller, dry) => {
    const commands = Object.entries(kinds[state.kind]?.commands ?? {});
    // `resumeNow` and `resume-now` are one verb.
    const name = verb.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const found = commands.find(([, command]) => command.verb === name);
    if (!found) {
      return fail(
        'CCM_ILLEGAL_MOVE',
        `There is no command "${verb.slice(0, 40)}" for a ${state.kind}; there are ${commands.map(([, one]) => one.verb).join(', ')}.`,
        {
          legal: commandsOf(state.legal),
          state: state.status,
        },
      );
    }
    const [type, command] = found;
    const needs = command.needs ?? [];
    const missing = needs.find((field) => fields[field] === undefined);
    if (missing !== undefined) return fail('CCM_BAD_INPUT', `"${verb}" needs "${missing}" in the body.`, { field: missing });
    const event = { type, ...fields, by: caller.by, ...(caller.requestId === null ? {} : { id: caller.requestId }) };
    if (dry) return ok({ consequence: consequenceOf(state, command, runtime.preview(state.id, { ...event, id: runtime.newId() })) });
    try {
      await runtime.command(state.id, event);
    } catch (thrown) {
      const problem = problemOf(thrown);
      return problem.code === 'CCM_ILLEGAL_MOVE' ? illegal(runtime.state(state.id) ?? state, command.label) : { ok: false, problem };
    }
    const after = runtime.state(state.id);
    return after ? ok({ state: after }) : fail('CCM_NOT_FOUND', `${state.id} is gone.`);
  },
});

const illegal = (state: ActorState, label: string) =>
  fail('CCM_ILLEGAL_MOVE', `${label} is not possible while the ${state.kind} is ${state.status}.`, {
    state: state.status,
    legal: commandsOf(state.legal),
  });
