import type { ProfileView } from '../../api/contract/index.ts';
import { standing } from '../doctor/agents.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<ProfileView[]>('/profiles');
  cli.show(reply, () => {
    const state = (profile: ProfileView) => {
      if (!profile.available) return { text: 'not installed', paint: cli.paint.dim };
      return profile.lacks ? { text: 'no login yet', paint: cli.paint.yellow } : { text: 'there', paint: cli.paint.green };
    };
    const missing = reply.data.flatMap((profile) => {
      const check = standing(profile);
      return check?.next ? [{ name: profile.name, words: `${check.says} ${check.next}` }] : [];
    });
    return [
      ...table(
        [{ title: 'NAME', max: 24 }, { title: 'KIND' }, { title: 'STATE' }, { title: 'MODE', spare: 1 }, { title: 'COMMAND', flex: true }],
        reply.data.map((profile) => [
          { text: profile.name, paint: profile.preferred ? cli.paint.bold : (text) => text },
          profile.kind,
          state(profile),
          profile.mode,
          // The way to our own script says nothing to anybody.
          profile.kind === 'demo' ? '(comes with ccm, needs no account)' : profile.command.join(' '),
        ]),
        cli.columns(),
        cli.paint.dim,
      ),
      '',
      ...missing.flatMap(({ name, words }) => wrap(`${name}: ${words}`, cli.columns())),
      ...reply.data.flatMap(({ name, preferred }) => (preferred ? wrap(`A task that names no agent gets ${name}.`, cli.columns()) : [])),
      ...wrap('[agents.NAME] in config.toml adds others; `ccm config check` says where it is.', cli.columns()),
    ];
  });
  return exits.ok;
};
