/** What leaves the page: files to the download folder, text to the clipboard. */
import type { Bytes } from './files-api.ts';

const TYPES: Readonly<Record<string, string>> = {
  zip: 'application/zip',
  yaml: 'application/yaml',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  svg: 'image/svg+xml',
  png: 'image/png',
};

export function blobOf(content: Bytes | string, name: string): Blob {
  return new Blob([content], { type: TYPES[name.split('.').at(-1)!] });
}

export function saveFile(content: Bytes | string, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(blobOf(content, name));
  anchor.download = name;
  anchor.click();
  // browsers read the blob after the click: some of them much later, when the user has chosen a folder
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

/** False where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  // pages over plain http have no clipboard
  if (clipboard === undefined) return copySelected(text);
  return clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

/** The old way: what is selected is copied. */
function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden-text';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
