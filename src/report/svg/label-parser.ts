/**
 * Grammar of ROOT-like labels: #name is a Greek letter or symbol, _{..} and ^{..} (or one character) are sub- and
 * superscripts, stacked when they follow each other, #sqrt{..} a root. Anything else is text as it stands, names of columns
 * such as m_mumu too: a label can never fail.
 */
import { textWidth } from './text-width.ts';

// prettier-ignore
const SYMBOLS: Readonly<Record<string, string>> = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', iota: 'ι',
  kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', upsilon: 'υ', phi: 'φ',
  chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ',
  Upsilon: 'Υ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω', times: '×', pm: '±', rightarrow: '→', leq: '≤', geq: '≥', cdot: '·', ell: 'ℓ',
  infty: '∞', int: '∫', prime: '′', approx: '≈', circ: '°',
};

const SCRIPT_SIZE = 0.7;
const SHIFTS: Readonly<Record<string, number>> = { _: 0.25, '^': -0.4 };

/** A bare underscore before more than one letter or digit: of a name, not of a subscript. */
const NAME_GOES_ON = /^_[A-Za-z0-9]{2}/;

/** A stretch of text at one height; all lengths in units of the font size. */
export interface Run {
  readonly text: string;
  /** Below the baseline, positive is down. */
  readonly shift: number;
  readonly size: number;
  /** Step along the line before the text: back for the second of two stacked scripts. */
  readonly dx: number;
}

export function parseLabel(label: string, shift = 0, size = 1): Run[] {
  const runs: Run[] = [];
  let dx = 0;
  const add = (text: string) => {
    const last = runs.at(-1);
    if (last !== undefined && dx === 0 && last.shift === shift && last.size === size)
      runs[runs.length - 1] = { ...last, text: last.text + text };
    else runs.push({ text, shift, size, dx });
    dx = 0;
  };
  const addScript = (content: string, mark: string) => {
    const script = parseLabel(content, shift + size * SHIFTS[mark]!, size * SCRIPT_SIZE);
    runs.push(...script.map((run, i) => (i === 0 ? { ...run, dx: run.dx + dx } : run)));
    dx = 0;
    return runsWidth(script);
  };
  for (let i = 0; i < label.length;) {
    const root = label.startsWith('#sqrt{', i) ? readGroup(label, i + 5) : undefined;
    const symbol = longestSymbol(/^#([A-Za-z]+)/.exec(label.slice(i))?.[1] ?? '');
    if (root !== undefined) {
      const bare = root.content.length <= 1;
      add(bare ? '√' : '√(');
      runs.push(...parseLabel(root.content, shift, size));
      if (!bare) add(')');
      i = root.end;
    } else if (symbol !== undefined) {
      add(SYMBOLS[symbol]!);
      i += symbol.length + 1;
    } else if ((label[i] as string) in SHIFTS && i + 1 < label.length && !NAME_GOES_ON.test(label.slice(i, i + 3))) {
      const mark = label[i]!;
      const first = readGroup(label, i + 1);
      const width = addScript(first.content, mark);
      const next = label[first.end];
      i = first.end;
      if (next !== undefined && next in SHIFTS && next !== mark) {
        const second = readGroup(label, first.end + 1);
        dx = -width;
        dx = Math.max(0, width - addScript(second.content, next));
        i = second.end;
      }
    } else {
      const character = String.fromCodePoint(label.codePointAt(i)!);
      add(character);
      i += character.length;
    }
  }
  return runs;
}

/** Width in units of the font size. */
export function runsWidth(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.dx + run.size * textWidth(run.text), 0);
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
    const symbol = /^(#[A-Za-z]+|.)/su.exec(label.slice(start))?.[0] ?? '';
    return { content: symbol, end: start + symbol.length };
  }
  let depth = 0;
  for (let i = start; i < label.length; i++) {
    if (label[i] === '{') depth++;
    if (label[i] === '}' && --depth === 0) return { content: label.slice(start + 1, i), end: i + 1 };
  }
  return { content: label.slice(start + 1), end: label.length };
}
