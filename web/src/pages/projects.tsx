/** The folders agents work in. */
import { useState } from 'preact/hooks';
import { post, remove, type Trouble } from '../api/http.ts';
import type { CreateProject, Project } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { profiles, projects, readProjects, stale, tasks } from '../store/home.ts';

const AddForm = () => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState('');
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const field = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const request: CreateProject = { path: field('path') };
    if (field('name')) request.name = field('name');
    if (field('agent')) request.agent = field('agent');
    const made = await post<Project>('/projects', request);
    setTrouble(made.ok ? null : made.trouble);
    setSaid(made.ok ? `Added ${made.data.name}.` : '');
    if (made.ok) form.reset();
    await readProjects();
  };
  return (
    <form class="form panel" onSubmit={(event) => void submit(event)}>
      <h2>Add a project</h2>
      <label>
        Folder on this machine
        <input name="path" required placeholder="/home/me/code/shop" spellcheck={false} autocomplete="off" />
      </label>
      <div class="form-pair">
        <label>
          Name
          <input name="name" autocomplete="off" placeholder="the folder's, unless you say another" />
        </label>
        <label>
          Agent for its tasks
          <select name="agent">
            <option value="">Default</option>
            {profiles.value?.map((p) => (
              <option key={p.name} value={p.name}>
                {p.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {trouble && <TroubleBox trouble={trouble} />}
      <footer>
        <span role="status" class="dim">
          {said}
        </span>
        <button class="primary" disabled={stale.value}>
          Add project
        </button>
      </footer>
    </form>
  );
};

const ProjectCard = ({ project }: { project: Project }) => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const act = async (answer: Promise<{ ok: true } | { ok: false; trouble: Trouble }>): Promise<void> => {
    const done = await answer;
    setTrouble(done.ok ? null : done.trouble);
    await readProjects();
  };
  const at = encodeURIComponent(project.id);
  const mine = [...(tasks.value?.values() ?? [])].filter((t) => t.project.id === project.id);
  return (
    <li class="panel project" data-row>
      <div class="project-head">
        <h2>
          <a href={`/?project=${encodeURIComponent(project.name)}`} data-row-link>
            {project.name}
          </a>
        </h2>
        <span class="dim">
          {plural(mine.filter((t) => !t.ended).length, 'active task')}, {mine.filter((t) => t.ended).length} ended
        </span>
      </div>
      <p class="mono dim">{project.path}</p>
      <dl class="facts">
        <div>
          <dt>Kind</dt>
          <dd>{project.kind === 'git' ? 'git: a worktree for every attempt' : 'no git: one task at a time, in the folder itself'}</dd>
        </div>
        {project.branch && (
          <div>
            <dt>Starts from</dt>
            <dd class="mono">
              {project.branch} {project.head?.slice(0, 8)}
            </dd>
          </div>
        )}
        <div>
          <dt>Agent</dt>
          <dd>{project.agent ?? 'default'}</dd>
        </div>
        <div>
          <dt>{project.trusted ? 'Trusted' : 'Not trusted'}</dt>
          <dd>{project.trustMeans}</dd>
        </div>
        <div>
          <dt>Added</dt>
          <dd>
            <Age at={project.createdAt} />
          </dd>
        </div>
      </dl>
      {project.notes.map((note) => (
        <p key={note} class="note-line">
          {note}
        </p>
      ))}
      <div class="buttons">
        <button type="button" disabled={stale.value} onClick={() => void act(post(`/projects/${at}/trust`, { trusted: !project.trusted }))}>
          {project.trusted ? 'Trust it no longer' : 'Trust it'}
        </button>
        <button type="button" class="danger" disabled={stale.value} onClick={() => void act(remove(`/projects/${at}`))}>
          Remove from the list
        </button>
      </div>
      {trouble && <TroubleBox trouble={trouble} />}
    </li>
  );
};

export const Projects = () => (
  <div class="narrow">
    <h1>Projects</h1>
    {projects.value === null ? (
      <Loading what="projects" />
    ) : projects.value.length === 0 ? (
      <Empty title="No project yet">
        <p class="dim">
          Add the folder of a repository below. Agents work on branches of their own; your checked-out files stay as they are.
        </p>
      </Empty>
    ) : (
      <ul class="stack">
        {projects.value.map((project) => (
          <ProjectCard key={project.id} project={project} />
        ))}
      </ul>
    )}
    <AddForm />
  </div>
);
