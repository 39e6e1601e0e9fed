/** Light or dark: what the system says, until the user says something else. */
import { computed, effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';
const KEY = 'darkscan.theme';

const system = signal<Theme>('light');
const chosen = signal<Theme | undefined>(undefined);

/** The theme in force; charts and maps redraw when it changes. */
export const theme = computed<Theme>(() => chosen.value ?? system.value);

export function toggleTheme(): void {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEY, chosen.value);
}

/** Follows the system and marks the document; called once. */
export function followTheme(): void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  system.value = query.matches ? 'dark' : 'light';
  query.addEventListener('change', ({ matches }) => (system.value = matches ? 'dark' : 'light'));
  const stored = localStorage.getItem(KEY);
  if (stored === 'light' || stored === 'dark') chosen.value = stored;
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
}

/** A colour of the style sheet, for canvases: `themeColour('--accent')`. Reads `theme`, so that users redraw. */
export function themeColour(name: `--${string}`): string {
  void theme.value;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
