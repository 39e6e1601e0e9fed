/**
 * Colour maps that stay readable for colour-blind eyes and in black and white: luminance is monotone along each
 * (tests/unit/report/colour). Interpolated linearly in sRGB between the anchors.
 */

export type ColourMap = (fraction: number) => string;

/** Viridis (S. van der Walt, N. Smith, matplotlib, CC0): dark to light. For limits. */
export const viridis = evenly(
  '#440154 #482878 #3e4989 #31688e #26828e #1f9e89 #35b779 #6ece58 #b5de2b #fde725'.split(' '),
);

/** Greys for event densities, light to dark; never white, so that "few" differs from "none". */
export const greys = evenly(['#e2e2e2', '#2b2b2b']);

/** Fill of windows with p0 = 1: lighter than every significance. */
export const NO_EXCESS_FILL = '#f4f5f7';

/** Fill under the hatching of windows without a usable number. */
export const BLANK_FILL = '#ffffff';

/** Colours of Z from 0 up: light to dark on white paper, dark to light on a dark screen. Last: a deficit. */
const SIGNIFICANCE = {
  light: { above: '#d8d0c5 #eeb982 #e98f57 #cc5240 #982338 #57102b #2a0716'.split(' '), deficit: '#d8efff' },
  dark: { above: '#54504f #86503a #b9603a #e07f3f #f3a75a #fbd38a #fff6dc'.split(' '), deficit: '#24426b' },
} as const;

/**
 * Local significance in [low, high]: the hue turns at Z = 0 (deficits bluish, excesses orange to dark red) while
 * luminance falls all the way, which an ordinary diverging map does not do and print would not survive.
 * @param dark for dark screens: luminance rises all the way
 */
export function significanceMap(low: number, high: number, dark = false): ColourMap {
  const zero = Math.min(1, Math.max(0, -low / (high - low)));
  const { above, deficit } = SIGNIFICANCE[dark ? 'dark' : 'light'];
  const anchors = above.map((colour, i) => [zero + ((1 - zero) * i) / (above.length - 1), colour] as const);
  return fromAnchors(zero > 0 ? [[0, deficit], ...anchors] : anchors);
}

/** Relative luminance 0-1 of "#rrggbb" (WCAG 2.1). */
export function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((c) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function evenly(colours: readonly string[]): ColourMap {
  return fromAnchors(colours.map((colour, i) => [i / (colours.length - 1), colour] as const));
}

/** Anchors as [fraction, colour], fractions ascending from 0 to 1. */
function fromAnchors(anchors: readonly (readonly [number, string])[]): ColourMap {
  const points = anchors.map(([at, colour]) => ({ at, rgb: channels(colour) }));
  return (fraction) => {
    const f = Math.min(1, Math.max(0, fraction));
    const upper = Math.max(
      1,
      points.findIndex(({ at }) => at >= f),
    );
    const [a, b] = [points[upper - 1]!, points[upper]!];
    const t = b.at === a.at ? 1 : (f - a.at) / (b.at - a.at);
    return `#${a.rgb
      .map((c, i) =>
        Math.round(c + (b.rgb[i]! - c) * t)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  };
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
}
