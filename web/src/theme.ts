/** Light, dark, or as the system says. */
import { signal } from '@preact/signals';

const place = 'ccm.theme';
export type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

const stored = (): Theme => themes.find((t) => t === localStorage.getItem(place)) ?? 'system';
export const theme = signal<Theme>(stored());

export const applyTheme = (): void => {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
};

export const nextTheme = (): void => {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  localStorage.setItem(place, theme.value);
  applyTheme();
};
