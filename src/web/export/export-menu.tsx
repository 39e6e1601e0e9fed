/** Downloads. */
import type { Page } from '../state/page.ts';

export function ExportMenu({ page }: { readonly page: Page }) {
  return <p>{page.scanned.value === undefined ? '' : 'Downloads'}</p>;
}
