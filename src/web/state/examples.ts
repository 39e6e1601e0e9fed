/** Example cards that need no file. */
import alp from '../../../examples/alp-diphoton/card.yaml?raw';
import higgsstrahlung from '../../../examples/dark-higgsstrahlung/card.yaml?raw';

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** The first one is scanned when the page opens. */
export const EXAMPLES: readonly Example[] = [
  { name: 'dark-higgsstrahlung', title: 'Dark Higgsstrahlung: 9000 elliptical windows', text: higgsstrahlung },
  { name: 'alp-diphoton', title: 'ALP to two photons: 500 fits', text: alp },
];
