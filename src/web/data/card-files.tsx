/** Files that the card names: which of them the page has, and a button for each that it has not. */
import { formatBytes } from '../state/format.ts';
import type { Page } from '../state/page.ts';
import { reporting } from '../state/reporting.ts';
import { ChooseFiles } from './drop-zone.tsx';
import { giveNamedFile } from './take-files.ts';

export function CardFiles({ page, names }: { readonly page: Page; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <ul class="card-files" aria-label="Files of the card">
      {names.map((name) => (
        <CardFile key={name} page={page} name={name} />
      ))}
    </ul>
  );
}

function CardFile({ page, name }: { readonly page: Page; readonly name: string }) {
  const file = page.files.value.get(name);
  const linked = page.linked.value.find((one) => one.name === name);
  const give = ([chosen]: readonly File[]): void => void reporting(page, () => giveNamedFile(page, name, chosen));
  return (
    <li class={file === undefined ? 'missing' : ''}>
      <span class="file-name">{name}</span>{' '}
      {file === undefined ? (
        <span>is needed{linked && `: ${formatBytes(linked.bytes)}, SHA-256 ${linked.sha256.slice(0, 12)}…`}</span>
      ) : (
        <span class="muted number">
          {file.name === name ? '' : `${file.name}, `}
          {formatBytes(file.size)}
        </span>
      )}
      <ChooseFiles onFiles={give} label={`File ${name}`} words={file === undefined ? 'Choose…' : 'Replace…'} />
    </li>
  );
}
