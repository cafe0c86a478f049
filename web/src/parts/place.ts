/** Where something is done: its project, and the machine where that is another one. */
type Placed = { project: { name: string } | null; system?: string | null | undefined };

export const placeText = ({ project, system }: Placed): string => [project?.name, system && `on ${system}`].filter(Boolean).join(' ');
