/** What the export panel does, and how it went. Knows no elements. */
import { computed, signal } from '@preact/signals';
import { linkTo } from '../state/open-link.ts';
import { CARD_NAME, type Page } from '../state/page.ts';
import { reporting } from '../state/reporting.ts';
import { TABLE_FILES } from '../../run/table-files.ts';
import { isSpectrumResult } from '../engine/api.ts';
import { commandOf, filesBeside } from './command.ts';
import type { Bytes, FigureFormat, FinishedRun, TableFormat } from './files-api.ts';
import type { FilesClient } from './files-client.ts';

/** Where things go; tests put their own here. */
export interface Ways {
  readonly save: (content: Bytes | string, name: string) => void;
  readonly copy: (text: string) => Promise<boolean>;
  /** Of this page. */
  readonly address: () => string;
}

export class Exports {
  /** What is being made; nothing else is made meanwhile. */
  readonly busy = signal<string | undefined>(undefined);
  /** How the last one ended, in words. */
  readonly said = signal('');
  /** The run as figures show it: toys as they were when last compared. */
  readonly run = computed<FinishedRun | undefined>(() => {
    const [scanned, toys] = [this.#page.scanned.value, this.#page.toys.report.value];
    return scanned && { result: scanned.result, ...(toys === undefined ? {} : { toys }) };
  });
  readonly command = computed(() => {
    const [scanned, live] = [this.#page.scanned.value, this.#page.toys.live.value];
    return scanned && { text: commandOf(scanned, live?.nToys), files: filesBeside(scanned) };
  });
  readonly #page: Page;
  readonly #files: FilesClient;
  readonly #ways: Ways;

  constructor(page: Page, files: FilesClient, ways: Ways) {
    this.#page = page;
    this.#files = files;
    this.#ways = ways;
  }

  /** The run directory, with all toys there are. */
  saveRun(): Promise<void> {
    return this.#making('run', async () => {
      const run = this.#finished();
      const toys = await this.#page.toys.finished();
      const onFigure = (name: string, done: number, total: number) =>
        (this.busy.value = `${name}, figure ${done + 1} of ${total}`);
      const { zip, warning } = await this.#files.archive({ ...run, toys }, onFigure);
      return this.#save(zip, `${run.result.name}.zip`, warning);
    });
  }

  saveTable(format: TableFormat): Promise<void> {
    return this.#making('table', async () => {
      const { result } = this.#finished();
      const [stem] = (isSpectrumResult(result) ? TABLE_FILES.spectrum : TABLE_FILES.windows).split('.');
      return this.#save(await this.#files.table({ result }, format), `${result.name}-${stem}.${format}`);
    });
  }

  /** As it was scanned. */
  saveCard(): Promise<void> {
    return this.#making('card', async () => this.#save(this.#finished().result.cardText, CARD_NAME));
  }

  saveFigure(name: string, format: FigureFormat): Promise<void> {
    return this.#making(name, async () => {
      const run = this.#finished();
      return this.#save(await this.#files.figure(run, name, format), `${run.result.name}-${name}.${format}`);
    });
  }

  /** Errors of this and the next: DarkscanError. */
  figureNames(run: FinishedRun): Promise<readonly string[]> {
    return this.#files.figureNames(run);
  }

  /** As SVG. */
  preview(run: FinishedRun, name: string): Promise<Bytes> {
    return this.#files.figure(run, name, 'svg');
  }

  copyCommand(): Promise<void> {
    return this.#making('command line', async () => this.#copy(this.command.value!.text, 'command line'));
  }

  /** To the card as it is now, scanned or not. */
  copyLink(): Promise<void> {
    return this.#making('link', async () => {
      const link = await linkTo(this.#page, this.#ways.address());
      return this.#copy(link, `link of ${link.length.toLocaleString('en-US')} characters`);
    });
  }

  #finished(): FinishedRun {
    return this.run.value!;
  }

  #save(content: Bytes | string, name: string, warning?: string): string {
    this.#ways.save(content, name);
    return warning === undefined ? `${name} saved` : `${name} saved; ${warning}`;
  }

  async #copy(text: string, what: string): Promise<string> {
    return (await this.#ways.copy(text)) ? `${what} copied` : `the browser does not let the page copy: ${text}`;
  }

  async #making(what: string, make: () => Promise<string>): Promise<void> {
    if (this.busy.value !== undefined) return;
    this.busy.value = what;
    this.said.value = '';
    try {
      this.said.value = (await reporting(this.#page, make)) ?? '';
    } finally {
      this.busy.value = undefined;
    }
  }
}
