/** The state of the page, as signals: what is asked, what runs, what came out, what is looked at. Knows no elements. */
import { batch, computed, signal } from '@preact/signals';
import { isDarkscanError, type ErrorKind } from '../../errors.ts';
import type { BackendName } from '../../engine/choose-backend.ts';
import type { FinishedScan, ScanRequest } from '../engine/api.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Detail } from '../engine/explain.ts';
import { checkCard } from './card-check.ts';
import { followShown } from './detail.ts';
import { EXAMPLES, type Example } from './examples.ts';
import type { LinkedFile } from './give-file.ts';
import { Measured, type RunningStage } from './measured.ts';
import { settled } from './settled.ts';
import { PageToys } from './toys.ts';

export interface PageError {
  readonly kind: ErrorKind;
  readonly message: string;
}

export interface Scanned extends FinishedScan {
  /** The card's text at the start: another text now means that the result is of an older card. */
  readonly cardText: string;
  readonly request: ScanRequest;
}

/** Name of the card in messages and of its download. */
export const CARD_NAME = 'card.yaml';

export class Page {
  readonly engine: EngineClient;

  // what is asked
  readonly cardText = signal(EXAMPLES[0].text);
  readonly #settledText = settled(this.cardText, 150);
  /** Of the text as it was when nobody typed for a moment. */
  readonly checked = computed(() => checkCard(this.#settledText.value, CARD_NAME));
  /** By the names the card uses; `giveFile` (give-file.ts) adds one. */
  readonly files = signal<ReadonlyMap<string, File>>(new Map());
  /** Files that the link named which the page was opened with. */
  readonly linked = signal<readonly LinkedFile[]>([]);
  /** Data files that no card named when they came: the data panel asks what they are. */
  readonly offered = signal<readonly File[]>([]);
  readonly unblind = signal(false);
  readonly backend = signal<BackendName>('auto');

  // what runs
  readonly running = signal<RunningStage | undefined>(undefined);
  readonly error = signal<PageError | undefined>(undefined);

  // what came out
  readonly scanned = signal<Scanned | undefined>(undefined);
  /** Number of the last scan asked for. */
  #turn = 0;
  readonly isStale = computed(
    () => this.scanned.value !== undefined && this.scanned.value.cardText !== this.cardText.value,
  );

  /** Of the scan above. */
  readonly toys = new PageToys(this.scanned, this.running);

  // what is looked at: ids of windows or hypotheses (rows of the table)
  readonly hovered = signal<number | undefined>(undefined);
  readonly pinned = signal<number | undefined>(undefined);
  /** The hovered one, else the pinned one. */
  readonly shown = computed(() => this.hovered.value ?? this.pinned.value);
  /** Of the shown one as soon as the engine has told it; until then of the one shown before (state/detail.ts rowOf). */
  readonly detail = signal<Detail | undefined>(undefined);

  constructor(engine: EngineClient) {
    this.engine = engine;
    const { shown, scanned, detail } = this;
    followShown({ shown, scanned, detail, explain: (id) => engine.explain(id) });
  }

  takeExample({ text }: Example): void {
    batch(() => {
      this.cardText.value = text;
      this.files.value = new Map();
      this.linked.value = [];
      this.unblind.value = false;
    });
  }

  /** Scans the card as it is; a running scan is cancelled first, and says nothing any more. */
  async scan(): Promise<void> {
    const turn = ++this.#turn;
    const isLast = () => turn === this.#turn;
    const [text, files] = [this.cardText.value, this.files.value];
    const [unblind, backend] = [this.unblind.value, this.backend.value];
    const request: ScanRequest = { text, source: CARD_NAME, files, unblind, backend };
    const measured = new Measured(performance.now());
    batch(() => {
      this.error.value = undefined;
      this.running.value = measured.start();
    });
    try {
      const finished = await this.engine.scan(request, (progress) => {
        if (isLast() && this.running.value !== undefined)
          this.running.value = measured.update(progress, performance.now());
      });
      if (!isLast()) return;
      batch(() => {
        this.scanned.value = { ...finished, cardText: text, request };
        this.hovered.value = undefined;
        this.pinned.value = bestOf(finished);
      });
    } catch (error) {
      if (!isDarkscanError(error)) throw error;
      if (isLast() && error.kind !== 'interrupted') this.error.value = { kind: error.kind, message: error.message };
    } finally {
      if (isLast()) this.running.value = undefined;
    }
  }

  /** At once, whatever the scan does; the last result stays. */
  cancel(): void {
    this.engine.cancel();
  }
}

function bestOf({ result }: FinishedScan): number | undefined {
  return result.summary.best[0]?.id;
}
