/**
 * SVG -> PNG by resvg with the font of this package and no other, so that the same SVG gives the same PNG on every
 * machine. resvg is native code: where it cannot be loaded plots stay SVG, and the caller says so.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DarkscanError } from '../errors.ts';

const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

export type PngRenderer = (svg: string) => Uint8Array;

/** The renderer (`scale` pixels per SVG unit), or the reason why there is none. */
export async function loadPngRenderer(scale = 2): Promise<PngRenderer | { unavailable: string }> {
  let resvg: typeof import('@resvg/resvg-js');
  try {
    resvg = await import('@resvg/resvg-js');
  } catch (error) {
    return {
      unavailable: `plots: no PNG, resvg cannot be loaded (${firstLine((error as Error).message)}); the SVG files are complete`,
    };
  }
  const folder = findFontFolder();
  const font = {
    loadSystemFonts: false,
    fontFiles: FONT_FILES.map((file) => join(folder, file)),
    defaultFontFamily: 'DejaVu Sans',
    sansSerifFamily: 'DejaVu Sans',
  };
  return (svg) =>
    new resvg.Resvg(svg, { font, background: 'white', fitTo: { mode: 'zoom', value: scale } }).render().asPng();
}

/** assets/fonts of this package, from src/node in development and from dist in the package. */
function findFontFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    const fonts = join(folder, 'assets', 'fonts');
    if (existsSync(join(fonts, FONT_FILES[0]!))) return fonts;
    folder = dirname(folder);
  }
  throw new DarkscanError(
    'internal',
    'plots: assets/fonts/DejaVuSans.ttf is missing from the installation; install darkscan again',
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}
