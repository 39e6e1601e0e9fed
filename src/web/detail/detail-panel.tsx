/** Detail. */
import type { Page } from '../state/page.ts';

export function DetailPanel({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Detail'}</p>;
}
