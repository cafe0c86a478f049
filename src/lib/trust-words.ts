/** What it means that a project is trusted, or not, in words: the same on the command line, on the page and in JSON. */

const kinds =
  'hooks, tool (MCP) servers, settings with the permissions, variables and model addresses they give, and commands, skills and subagents';

export const trustWords = (path: string, trusted: boolean): string =>
  trusted
    ? `Agents take what ${path} brings for them: ${kinds}. Hooks and servers run as you, without being asked about.`
    : `What ${path} brings for agents is ignored, as far as each program can be told so: ${kinds}.`;
