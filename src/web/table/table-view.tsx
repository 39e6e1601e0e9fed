/** Table. */
import type { Page } from '../state/page.ts';

export function TableView({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Table'}</p>;
}
