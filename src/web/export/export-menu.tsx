/** What people take with them: files of the result, its figures, the command line that gives it again, a link. */
import { useMemo } from 'preact/hooks';
import { Panel } from '../components/panel.tsx';
import type { Page } from '../state/page.ts';
import './export.css';
import { Exports } from './exports.ts';
import { FigureList } from './figure-list.tsx';
import { FilesClient } from './files-client.ts';
import { copyText, saveFile } from './hand-over.ts';

export function ExportMenu({ page }: { readonly page: Page }) {
  const exports = useMemo(() => {
    const ways = { save: saveFile, copy: copyText, address: () => location.href };
    return new Exports(page, new FilesClient(), ways);
  }, [page]);
  const { busy, said, command } = exports;
  return (
    <Panel title="Export">
      {command.value !== undefined && (
        <>
          <FileButtons exports={exports} />
          <FigureList exports={exports} />
          <CommandLine exports={exports} {...command.value} />
        </>
      )}
      <div class="export-line">
        <button type="button" disabled={busy.value !== undefined} onClick={() => void exports.copyLink()}>
          Copy link
        </button>
        <span class="muted">holds the card; of data files only name, size and hash</span>
      </div>
      {busy.value !== undefined && <p class="export-said muted">Making {busy.value} …</p>}
      <p class="export-said" role="status">
        {said.value}
      </p>
    </Panel>
  );
}

function FileButtons({ exports }: { readonly exports: Exports }) {
  const files = [
    { label: 'Run (zip)', title: 'the run directory that darkscan scan writes', save: () => exports.saveRun() },
    { label: 'Card', title: 'the card of this result', save: () => exports.saveCard() },
    { label: 'Table (CSV)', title: 'all columns of the table below', save: () => exports.saveTable('csv') },
    {
      label: 'Table (Parquet)',
      title: 'the same, with units, descriptions and provenance',
      save: () => exports.saveTable('parquet'),
    },
  ];
  return (
    <div class="export-line" role="group" aria-label="Files of this result">
      {files.map(({ label, title, save }) => (
        <button key={label} type="button" title={title} disabled={exports.busy.value !== undefined} onClick={save}>
          {label}
        </button>
      ))}
    </div>
  );
}

interface CommandLineProps {
  readonly exports: Exports;
  readonly text: string;
  readonly files: readonly string[];
}

function CommandLine({ exports, text, files }: CommandLineProps) {
  return (
    <>
      <div class="export-line">
        <input
          class="export-command"
          aria-label="Command line"
          readOnly
          value={text}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button type="button" aria-label="Copy command line" onClick={() => void exports.copyCommand()}>
          Copy
        </button>
      </div>
      <p class="export-said muted">gives this result again in a folder with {listOf(files)}</p>
    </>
  );
}

/** "a", "a and b", "a, b and c". */
function listOf(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
}
