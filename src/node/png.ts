/**
 * SVG -> PNG by resvg with the font of this package and no other, so that the same SVG gives the same PNG on every
 * machine. resvg is native code: where it cannot be loaded plots stay SVG, and the caller says so.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DarkscanError } from '../errors.ts';
import { FONT_FILES, FONT_OPTIONS, noPng, pngOptions } from '../report/svg/png-options.ts';

export type PngRenderer = (svg: string) => Uint8Array;

/** The renderer (`scale` pixels per SVG unit), or the reason why there is none. */
export async function loadPngRenderer(scale?: number): Promise<PngRenderer | { unavailable: string }> {
  let resvg: typeof import('@resvg/resvg-js');
  try {
    resvg = await import('@resvg/resvg-js');
  } catch (error) {
    return { unavailable: noPng(error) };
  }
  const folder = findFontFolder();
  const font = { ...FONT_OPTIONS, fontFiles: FONT_FILES.map((file) => join(folder, file)) };
  return (svg) => new resvg.Resvg(svg, { font, ...pngOptions(scale) }).render().asPng();
}

/** assets/fonts of this package, from src/node in development and from dist in the package. */
function findFontFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    const fonts = join(folder, 'assets', 'fonts');
    if (existsSync(join(fonts, FONT_FILES[0]))) return fonts;
    folder = dirname(folder);
  }
  throw new DarkscanError(
    'internal',
    'plots: assets/fonts/DejaVuSans.ttf is missing from the installation; install darkscan again',
  );
}
