/** The colours of the bands of expected limits: green and yellow as everywhere, or two blues that everybody can tell apart. */
import { effect, signal } from '@preact/signals';

export type BandColours = 'classic' | 'blue';
const KEY = 'darkscan.bands';

export const bandColours = signal<BandColours>(localStorage.getItem(KEY) === 'blue' ? 'blue' : 'classic');

/** The style sheet has the colours (style/theme.css); charts redraw when it changes. */
effect(() => {
  document.documentElement.dataset.bands = bandColours.value;
});

export function chooseBands(colours: BandColours): void {
  bandColours.value = colours;
  localStorage.setItem(KEY, colours);
}
