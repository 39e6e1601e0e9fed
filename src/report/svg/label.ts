/**
 * ROOT-like labels ("M_{#mu#mu}", "GeV/c^{2}", "#sqrt{s}") as SVG tspans and as plain text. The grammar: #name is a
 * Greek letter or symbol, _{..} and ^{..} (or one character) are sub- and superscripts, #sqrt{..} a root. Anything
 * else is text as it stands: a label can never fail.
 */
import { element, escapeText } from './element.ts';

// prettier-ignore
const SYMBOLS: Readonly<Record<string, string>> = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', iota: 'ι',
  kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', upsilon: 'υ', phi: 'φ',
  chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ',
  Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω', times: '×', pm: '±', rightarrow: '→', leq: '≤', geq: '≥', cdot: '·', ell: 'ℓ',
  infty: '∞', int: '∫', prime: '′', approx: '≈', circ: '°',
};

const SCRIPT_SIZE = 0.7;
const SUB_SHIFT = 0.25;
const SUPER_SHIFT = -0.4;

/** A stretch of text at one height; shift in units of the font size, down positive. */
interface Run {
  readonly text: string;
  readonly shift: number;
  readonly size: number;
}

/** Content of a <text> element of the given font size. */
export function labelMarkup(label: string, fontSize: number): string {
  let baseline = 0;
  return parseLabel(label, 0, 1)
    .map(({ text, shift, size }) => {
      const dy = (shift - baseline) * fontSize;
      baseline = shift;
      if (dy === 0 && size === 1) return escapeText(text);
      return element(
        'tspan',
        { dy: dy === 0 ? undefined : dy, 'font-size': size === 1 ? undefined : size * fontSize },
        escapeText(text),
      );
    })
    .join('');
}

/** The label for titles, descriptions and the terminal: "Mμμ [GeV/c²]" keeps ^ and _ where Unicode has no script. */
export function labelText(label: string): string {
  const digits: Readonly<Record<string, string>> = { '2': '²', '3': '³', '-1': '⁻¹', '4': '⁴', "'": '′' };
  return parseLabel(label, 0, 1)
    .map(({ text, shift }) => (shift < 0 ? (digits[text] ?? `^${text}`) : shift > 0 ? `_${text}` : text))
    .join('');
}

/** Width in units of the font size; DejaVu Sans is near 0.6 per character (legends only need an estimate). */
export function labelWidth(label: string): number {
  return parseLabel(label, 0, 1).reduce((sum, run) => sum + run.text.length * run.size * 0.6, 0);
}

/** "M_{#mu#mu} [GeV/c^{2}]", or the label alone without a unit. */
export function withUnit({ label, unit }: { label: string; unit: string }): string {
  return unit === '' ? label : `${label} [${unit}]`;
}

function parseLabel(label: string, shift: number, size: number): Run[] {
  const runs: Run[] = [];
  const add = (run: Run) => {
    const last = runs.at(-1);
    if (last !== undefined && last.shift === run.shift && last.size === run.size)
      runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else if (run.text !== '') runs.push(run);
  };
  for (let i = 0; i < label.length;) {
    const rest = label.slice(i);
    const root = /^#sqrt\{/.test(rest) ? readGroup(label, i + 5) : undefined;
    const symbol = /^#([A-Za-z]+)/.exec(rest)?.[1];
    if (root !== undefined) {
      const bare = root.content.length <= 1;
      add({ text: bare ? '√' : '√(', shift, size });
      parseLabel(root.content, shift, size).forEach(add);
      if (!bare) add({ text: ')', shift, size });
      i = root.end;
    } else if (symbol !== undefined && longestSymbol(symbol) !== undefined) {
      const name = longestSymbol(symbol)!;
      add({ text: SYMBOLS[name]!, shift, size });
      i += name.length + 1;
    } else if ((label[i] === '_' || label[i] === '^') && i + 1 < label.length) {
      const group = readGroup(label, i + 1);
      const scriptShift = shift + size * (label[i] === '_' ? SUB_SHIFT : SUPER_SHIFT);
      parseLabel(group.content, scriptShift, size * SCRIPT_SIZE).forEach(add);
      i = group.end;
    } else {
      const [character] = rest;
      add({ text: character!, shift, size });
      i += character!.length;
    }
  }
  return runs;
}

/** "#mus" is μ followed by s, as in ROOT. */
function longestSymbol(letters: string): string | undefined {
  for (let length = letters.length; length > 0; length--) {
    const name = letters.slice(0, length);
    if (Object.hasOwn(SYMBOLS, name)) return name;
  }
  return undefined;
}

/** {...} with nesting, or one character. */
function readGroup(label: string, start: number): { content: string; end: number } {
  if (label[start] !== '{') {
    const symbol = /^#[A-Za-z]+/.exec(label.slice(start))?.[0] ?? [...label.slice(start)][0] ?? '';
    return { content: symbol, end: start + symbol.length };
  }
  let depth = 0;
  for (let i = start; i < label.length; i++) {
    if (label[i] === '{') depth++;
    if (label[i] === '}' && --depth === 0) return { content: label.slice(start + 1, i), end: i + 1 };
  }
  return { content: label.slice(start + 1), end: label.length };
}
