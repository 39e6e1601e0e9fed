/** A run directory in a zip file. */
import { strToU8, zipSync, type Zippable } from 'fflate';
import { figureFiles, type DrawPng, type RunContent, type RunFile } from '../../run/run-content.ts';
import type { Bytes, OnFigure } from './files-api.ts';

/** Parquet and PNG are compressed already. */
const STORED = /\.(parquet|png)$/;

/** @param name folder that everything is in @param png default: figures as SVG only */
export async function zipRun(
  name: string,
  { files, figures }: RunContent,
  png?: DrawPng,
  onFigure?: OnFigure,
): Promise<Bytes> {
  const entries: Zippable = {};
  const add = ({ path, content }: RunFile): void => {
    const bytes = typeof content === 'string' ? strToU8(content) : content;
    entries[`${name}/${path}`] = [bytes as Bytes, { level: STORED.test(path) ? 0 : 6 }];
  };
  for (const file of files) add(file);
  for (const [i, figure] of figures.entries()) {
    onFigure?.(figure.name, i, figures.length);
    for await (const file of figureFiles([figure], png)) add(file);
  }
  return zipSync(entries);
}
