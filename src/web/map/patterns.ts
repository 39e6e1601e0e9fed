/** Patterns that tell categories apart without colour, as functions of the pixel: maps and legends draw the same. */

/** 0 is plain. */
export const PATTERNS = ['plain', 'hatch', 'cross', 'dots', 'bars', 'rows', 'grid', 'counter', 'checks'] as const;
export type PatternName = (typeof PATTERNS)[number];

/** Whether a pixel at whole style-sheet pixels (x, y) is ink of the pattern. */
export function isInk(pattern: number, x: number, y: number): boolean {
  switch (PATTERNS[pattern]) {
    case 'hatch':
      return (x + y) % 6 === 0;
    case 'counter':
      return (x - y + 6000) % 6 === 0;
    case 'cross':
      return (x + y) % 6 === 0 || (x - y + 6000) % 6 === 0;
    case 'dots':
      return x % 5 < 2 && y % 5 < 2;
    case 'bars':
      return x % 5 === 0;
    case 'rows':
      return y % 5 === 0;
    case 'grid':
      return x % 6 === 0 || y % 6 === 0;
    case 'checks':
      return (Math.floor(x / 3) + Math.floor(y / 3)) % 2 === 0;
    default:
      return false;
  }
}
