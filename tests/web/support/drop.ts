/** Files dropped on the page, as the browser hands them over. */
import fs from 'node:fs';
import zlib from 'node:zlib';
import type { Page } from 'playwright-core';

export interface Dropped {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function fixture(name: string): Dropped {
  return { name, bytes: fs.readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)) };
}

export function gzipped({ name, bytes }: Dropped): Dropped {
  return { name: `${name}.gz`, bytes: zlib.gzipSync(bytes) };
}

/** Drags the files over the page, then drops them. */
export async function dropFiles(page: Page, files: readonly Dropped[]): Promise<void> {
  const packed = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  const dataTransfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, packed);
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.getByText('they are read here and go nowhere').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}
