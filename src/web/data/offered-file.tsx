/** A file that no card names yet: what is in it, which columns are scanned, which rows, by which card. */
import { useEffect, useState } from 'preact/hooks';
import type { FilePreview } from '../engine/preview.ts';
import { formatBytes, formatCount } from '../state/format.ts';
import type { Page } from '../state/page.ts';
import { reporting } from '../state/reporting.ts';
import { ColumnTable } from './column-table.tsx';
import { FileForm } from './file-form.tsx';
import { treeName } from './offer.ts';
import { dropOffer } from './take-files.ts';

const FORMATS = { csv: 'CSV', parquet: 'Parquet', root: 'ROOT' } as const;

export interface OfferedFileProps {
  readonly page: Page;
  readonly file: File;
}

export function OfferedFile({ page, file }: OfferedFileProps) {
  const [tree, setTree] = useState<string>();
  const [preview, setPreview] = useState<FilePreview>();
  useEffect(() => {
    let isStale = false;
    setPreview(undefined);
    void reporting(page, () => page.engine.preview(file, tree)).then((found) => {
      if (isStale) return;
      if (found === undefined)
        dropOffer(page, file); // its error is told
      else setPreview(found);
    });
    return () => void (isStale = true);
  }, [file, tree]);
  return (
    <section class="offered" aria-label={`File ${file.name}`} aria-busy={preview === undefined}>
      <h3>
        <span class="file-name">{file.name}</span>
      </h3>
      {preview === undefined ? (
        <p role="status">reading {formatBytes(file.size)}…</p>
      ) : (
        <>
          <p role="status" class="number">
            {FORMATS[preview.format]}, {preview.isFirstRows && 'of the first '}
            {formatCount(preview.rowCount)} rows, {preview.columns.length} columns, {formatBytes(preview.bytes)}
          </p>
          {preview.trees !== undefined && preview.trees.length > 1 && (
            <label class="field">
              <span>Tree</span>
              <select value={preview.tree} onChange={({ currentTarget }) => setTree(currentTarget.value)}>
                {preview.trees.map((name) => (
                  <option key={name} value={name}>
                    {treeName(name)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <ColumnTable columns={preview.columns} />
          <FileForm key={preview.tree} page={page} file={file} preview={preview} />
        </>
      )}
    </section>
  );
}
