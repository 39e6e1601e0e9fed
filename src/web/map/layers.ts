/** Canvases on top of each other in one element. */

export function addLayer(host: HTMLElement): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  host.append(canvas);
  return canvas.getContext('2d')!;
}

/** Puts a canvas at a place of its element, with `dpr` pixels per style-sheet pixel. */
export function placeLayer(
  canvas: HTMLCanvasElement,
  left: number,
  top: number,
  width: number,
  height: number,
  dpr: number,
): void {
  canvas.width = Math.max(1, Math.round(width * dpr));
  canvas.height = Math.max(1, Math.round(height * dpr));
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
