/** How SVG becomes PNG, by resvg: native in Node, WebAssembly on the page. The same SVG gives the same bytes in both. */

/** In assets/fonts of this package; resvg gets these and no font of the system. */
export const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'] as const;

export const FONT_OPTIONS = {
  loadSystemFonts: false,
  defaultFontFamily: 'DejaVu Sans',
  sansSerifFamily: 'DejaVu Sans',
} as const;

/** @param scale pixels per SVG unit */
export function pngOptions(scale = 2) {
  return { background: 'white', fitTo: { mode: 'zoom', value: scale } } as const;
}

/** What is said where resvg cannot be loaded. */
export function noPng(error: unknown): string {
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `plots: no PNG, resvg cannot be loaded (${reason}); the SVG files are complete`;
}
