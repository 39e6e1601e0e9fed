/**
 * `darkscan explain CARD --window ID`: one window in full: geometry, counts, backgrounds, nuisances with their sizes,
 * p0, limits, and the posterior of the parameter of interest as its quantiles (the limit at every credibility).
 */
import { DarkscanError } from '../../errors.ts';
import { isSpectrumCard, windowCard } from '../../io/card.ts';
import { toJsonText } from '../../io/result-json.ts';
import { explainWindow } from '../../scan/explain-window.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readAnyCard } from '../card-input.ts';
import { explanationText } from '../explanation.ts';
import type { AddCommand } from '../program.ts';
import { seedOption, wholeNumber } from '../scan-options.ts';
import { printHypothesis } from '../spectrum-explanation.ts';
import { print } from '../session.ts';

interface ExplainOptions {
  readonly window?: number;
  readonly hypothesis?: number;
  readonly seed?: number;
  readonly unblind?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addExplain: AddCommand = (program, session) => {
  program
    .command('explain')
    .description('every number of one window, or of one mass of a card of fits: inputs, nuisances, limits (in f64)')
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .option('--window <id>', 'number of the window, as in the table of a scan', (text) =>
      wholeNumber(text, 0, 2 ** 31 - 1),
    )
    .option('--hypothesis <id>', 'number of the hypothesis, for a card of fits', (text) =>
      wholeNumber(text, 0, 2 ** 31 - 1),
    )
    .addOption(seedOption())
    .option('--unblind', 'look at it even if it is blind')
    .option('--json', 'as JSON on stdout')
    .option('-q, --quiet', 'no notes')
    .action(async (named: string | undefined, options: ExplainOptions) => {
      const input = await readAnyCard(named, session, options);
      if (isSpectrumCard(input.card)) {
        const id = wanted('hypothesis', options.hypothesis, options.window);
        return printHypothesis({ ...input, card: input.card }, id, options, session);
      }
      const { card, files } = windowCard(input);
      const id = wanted('window', options.window, options.hypothesis);
      const seed = options.seed ?? card.seed ?? 1;
      const prepared = await prepareScan(card, { files, seed, unblind: options.unblind ?? false });
      if (id >= prepared.windows.count) {
        const last = prepared.windows.count - 1;
        throw new DarkscanError('usage', `explain: no window ${id}, this scan has 0 to ${last}`);
      }
      const explanation = await explainWindow(prepared, id, { signal: session.signal });
      print(session, options.json ? toJsonText(explanation, 2) : explanationText(explanation, card));
    });
};

/** The number that this kind of card needs; error (kind usage) where the other one, or none, is given. */
function wanted(kind: 'window' | 'hypothesis', own: number | undefined, other: number | undefined): number {
  if (own !== undefined) return own;
  const found = other === undefined ? 'nothing' : kind === 'window' ? '--hypothesis' : '--window';
  const card = kind === 'window' ? 'windows' : 'fits';
  throw new DarkscanError('usage', `explain: found ${found}, a card of ${card} needs --${kind} ID; add it`);
}
