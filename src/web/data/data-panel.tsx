/** The data: dropping files, those that the card names, a new one with its columns, and what is blind. */
import { Panel } from '../components/panel.tsx';
import { filesOfCard } from '../../io/card-files.ts';
import type { Page } from '../state/page.ts';
import { reporting } from '../state/reporting.ts';
import { BlindState } from './blind-state.tsx';
import { CardFiles } from './card-files.tsx';
import './data.css';
import { ChooseFiles, DropZone } from './drop-zone.tsx';
import { OfferedFile } from './offered-file.tsx';
import { takeFiles } from './take-files.ts';

export function DataPanel({ page }: { readonly page: Page }) {
  const take = (files: readonly File[]): void => void reporting(page, () => takeFiles(page, files));
  const card = page.checked.value.parsed?.card;
  const names = card === undefined ? [] : [...new Set(filesOfCard(card).map(({ name }) => name))];
  const [offered, ...others] = page.offered.value;
  return (
    <Panel title="Data" controls={<ChooseFiles onFiles={take} label="Data files" words="Choose files…" multiple />}>
      <DropZone onFiles={take} />
      <div class="data-column">
        <p class="muted">
          Drop a CSV, Parquet or ROOT file (.gz too), or a card, anywhere on this page. It is read in this page and sent
          nowhere.
        </p>
        <CardFiles page={page} names={names} />
        {offered && <OfferedFile key={keyOf(offered)} page={page} file={offered} />}
        {others.length > 0 && <p class="muted">then: {others.map(({ name }) => name).join(', ')}</p>}
        <BlindState page={page} />
      </div>
    </Panel>
  );
}

function keyOf({ name, size, lastModified }: File): string {
  return `${name}/${size}/${lastModified}`;
}
