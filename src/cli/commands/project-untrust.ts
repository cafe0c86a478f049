export { untrust as run } from './project-trust.ts';
