/** Widths of text in DejaVu Sans, so that scripts stack and legends fit without measuring in a browser. */

/** Advance widths of U+0020 to U+007E in 1/1000 em, from the hmtx table of DejaVu Sans 2.37. */
// prettier-ignore
const ADVANCES = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
  603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
  634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/** Greek letters are 592 to 838 wide; the middle serves all of them. */
const OTHER = 640;

/** Width in units of the font size. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (ADVANCES[character.codePointAt(0)! - 32] ?? OTHER), 0) / 1000;
}
