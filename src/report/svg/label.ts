/** ROOT-like labels ("M_{#mu#mu}", "GeV/c^{2}", "#sqrt{s}") as SVG tspans and as plain text. */
import { element, escapeText } from './element.ts';
import { parseLabel, runsWidth } from './label-parser.ts';

/** Superscripts of Unicode; a script of other characters keeps its mark. */
const RAISED: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((raised, digit) => [String(digit), raised])),
  '+': '⁺',
  '-': '⁻',
  '−': '⁻',
};

/** Content of a <text> element of the given font size. */
export function labelMarkup(label: string, fontSize: number): string {
  let baseline = 0;
  return parseLabel(label)
    .map(({ text, shift, size, dx }) => {
      const dy = (shift - baseline) * fontSize;
      baseline = shift;
      if (dy === 0 && dx === 0 && size === 1) return escapeText(text);
      const attributes = {
        dx: dx * fontSize || undefined,
        dy: dy || undefined,
        'font-size': size === 1 ? undefined : size * fontSize,
      };
      return element('tspan', attributes, escapeText(text));
    })
    .join('');
}

/** The label for titles, descriptions and the terminal; ^ and _ stay where Unicode has no such script: "M_μμ [GeV/c²]". */
export function labelText(label: string): string {
  return parseLabel(label)
    .map(({ text, shift }) => (shift === 0 ? text : scriptText(`${shift < 0 ? '^' : '_'}${text}`)))
    .join('');
}

/** Width in units of the font size. */
export function labelWidth(label: string): number {
  return runsWidth(parseLabel(label));
}

/** True for labels such as "M_{rec}^{2}", whose superscript stands above the subscript. */
export function hasStackedScripts(label: string): boolean {
  return parseLabel(label).some((run) => run.dx !== 0);
}

/** "M_{#mu#mu} [GeV/c^{2}]", or the label alone without a unit. */
export function withUnit({ label, unit }: { label: string; unit: string }): string {
  return unit === '' ? label : `${label} [${unit}]`;
}

function scriptText(script: string): string {
  if (script === '_0') return '₀';
  const characters = Array.from(script.slice(1));
  if (script[0] !== '^' || !characters.every((character) => Object.hasOwn(RAISED, character))) return script;
  return characters.map((character) => RAISED[character]).join('');
}
