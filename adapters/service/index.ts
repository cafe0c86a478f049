/** The daemon as a service of this user: systemd on Linux, launchd on macOS. */
export { inheritedSockets } from './inherited.ts';
export { launchdService } from './launchd.ts';
export { loginPath } from './login-path.ts';
export { type Notifier, serviceNotifier } from './notify.ts';
export { systemdService } from './systemd.ts';
