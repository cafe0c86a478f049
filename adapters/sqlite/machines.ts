/** The definitions of all machines that ever took a step here, by hash. */
import type { Journal } from '../../src/ports/store.ts';
import { build, type Statements, slot } from './statements.ts';

export const machinesTable = ({ run, one }: Statements): Pick<Journal, 'machine' | 'machineText'> => {
  const find = one(build.selectFrom('machines').select('id').where('hash', '=', slot('hash')));
  const add = run(
    build.insertInto('machines').values({
      hash: slot('hash'),
      kind: slot('kind'),
      version: slot('version'),
      definition: slot('text'),
      at: slot('at'),
    }),
  );
  const text = one(build.selectFrom('machines').select(['kind', 'version', 'hash', 'definition']).where('id', '=', slot('id')));
  return {
    machine: (definition) => find({ hash: definition.hash })?.id ?? add(definition).id,
    machineText: (id) => text({ id }),
  };
};
