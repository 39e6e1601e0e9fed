/** Data. */
import type { Page } from '../state/page.ts';

export function DataPanel({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Data'}</p>;
}
