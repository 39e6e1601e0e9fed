/** Map of the windows. */
import type { Page } from '../state/page.ts';

export function MapView({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Map of the windows'}</p>;
}
