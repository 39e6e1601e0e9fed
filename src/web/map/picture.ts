/** Pixels of the map: windows, their patterns and the events, into one array as canvases hold it. */
import type { PlotEvents } from '../../model/result.ts';
import type { View } from '../../model/windows-of-table.ts';
import { drawEvents, type EventInk } from './event-raster.ts';
import type { MapGeometry } from './geometry.ts';
import { rasterWindows, type IndexRaster } from './index-raster.ts';
import { isInk } from './patterns.ts';
import type { Shading } from './shading.ts';

export interface PictureInput {
  readonly geometry: MapGeometry;
  readonly shading: Shading;
  readonly view: View;
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
  readonly dpr: number;
  /** 0xaabbggrr where no window is. */
  readonly paper: number;
  /** Absent: not drawn. */
  readonly events?: PlotEvents;
  readonly eventInk: EventInk;
}

/** Fills `pixels` [height * width]; returns which window each pixel shows. */
export function paintPicture(pixels: Uint32Array, input: PictureInput): IndexRaster {
  const { geometry, shading, view, width, height, dpr, paper, events, eventInk } = input;
  const raster = rasterWindows(geometry, view, width, height, shading.preference);
  const { grounds, inks, patterns } = shading;
  for (let row = 0; row < height; row++) {
    const y = Math.floor(row / dpr);
    for (let pixel = row * width, column = 0; column < width; pixel++, column++) {
      const i = raster.index[pixel];
      if (i < 0) pixels[pixel] = paper;
      else if (patterns[i] === 0) pixels[pixel] = grounds[i];
      else pixels[pixel] = isInk(patterns[i], Math.floor(column / dpr), y) ? inks[i] : grounds[i];
    }
  }
  if (events !== undefined) drawEvents({ pixels, width, height }, events, view, dpr, eventInk);
  return raster;
}
