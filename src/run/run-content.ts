/**
 * What a command leaves behind, as data: files and the figures to draw beside them. Node writes them to disk
 * (src/node/save-run.ts), the page packs them into a zip: the same files under the same names.
 */
import type { Figure } from '../report/figures.ts';

export interface RunFile {
  /** Relative to the run directory, with '/': "plots/map-z.svg". */
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface RunContent {
  /** Made as they are asked for. */
  readonly files: Iterable<RunFile>;
  /** Drawn to plots/<name>.svg and .png, after the files. */
  readonly figures: readonly Figure[];
}

/** SVG -> PNG. */
export type DrawPng = (svg: string) => Uint8Array | Promise<Uint8Array>;

/** The figures as files, one after the other as they are asked for. @param png default: SVG only */
export async function* figureFiles(figures: readonly Figure[], png?: DrawPng): AsyncGenerator<RunFile> {
  for (const { name, draw } of figures) {
    const svg = draw();
    yield { path: `plots/${name}.svg`, content: svg };
    if (png !== undefined) yield { path: `plots/${name}.png`, content: await png(svg) };
  }
}
