/** One window of the arrays of profile-arrays.ts: its values by name, and which parameters act where. */
import { CONSTANTS, NO_SLOT, PARAM_KIND, SLOTS, valueOffsets, type ProfileArrays } from './profile-arrays.ts';

export class ProfileWindow {
  readonly K: number;
  readonly C: number;
  readonly T: number;
  /** The parameters. */
  readonly x: Float64Array;
  /** Direction in which a parameter at its kink is taken to leave it. */
  readonly side: Int8Array;
  readonly kinds: Uint32Array;
  /** [T] parameter a slot belongs to, -1 for none, and its kind; slots of component c from SLOTS c on, -1 for none. */
  readonly owner: Int32Array;
  readonly ownerKind: Uint8Array;
  readonly slots: Int32Array;
  /** Parameters that change m_c (component c) or are in the sum of slot t: from K c on, `nActing` and `nSummed` of them. */
  readonly acting: Int32Array;
  readonly nActing: Int32Array;
  readonly summed: Int32Array;
  readonly nSummed: Int32Array;
  n = 0;
  protected readonly values: Float64Array;
  private readonly arrays: ProfileArrays;
  private readonly offsets: ReturnType<typeof valueOffsets>;
  private iWindow = -1;

  constructor(arrays: ProfileArrays) {
    const { nParams: K, nComponents: C, nSlots: T, structure } = arrays;
    [this.K, this.C, this.T] = [K, C, T];
    this.arrays = arrays;
    this.offsets = valueOffsets(arrays);
    this.x = new Float64Array(K);
    this.side = new Int8Array(K);
    this.kinds = new Uint32Array(K + 1);
    this.values = new Float64Array(this.offsets.perWindow);
    const orNone = (slot: number) => (slot === NO_SLOT ? -1 : slot);
    this.owner = Int32Array.from(structure.subarray(0, T), orNone);
    this.slots = Int32Array.from(structure.subarray(T), orNone);
    this.ownerKind = new Uint8Array(T);
    [this.acting, this.nActing] = [new Int32Array(C * K), new Int32Array(C)];
    [this.summed, this.nSummed] = [new Int32Array(T * K), new Int32Array(T)];
  }

  /** Makes this one window at a count. */
  load(iWindow: number, n: number): void {
    this.n = n;
    if (iWindow === this.iWindow) return;
    this.iWindow = iWindow;
    const { perWindow } = this.offsets;
    this.values.set(this.arrays.values.subarray(iWindow * perWindow, (iWindow + 1) * perWindow));
    this.kinds.set(this.arrays.kinds.subarray(iWindow * (this.K + 1), (iWindow + 1) * (this.K + 1)));
    this.listParams();
  }

  constant(k: number, i: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k + 2 + i];
  }

  lowest(k: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k];
  }

  highest(k: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k + 1];
  }

  /** Expected background with everything nominal. */
  get background(): number {
    return this.values[this.offsets.background];
  }

  get widest(): number {
    return this.values[this.offsets.widest];
  }

  hasFlag(flag: number): boolean {
    return (this.kinds[this.K] & flag) !== 0;
  }

  hasKink(k: number): boolean {
    const kind = this.kinds[k];
    return kind === PARAM_KIND.kinked || kind === PARAM_KIND.twoWay;
  }

  /** e_ck on the side x_k is on. */
  exponent(c: number, k: number): number {
    return this.values[this.offsets.exponents + 2 * (c * this.K + k) + this.below(k)];
  }

  /** r_tk on the side x_k is on. */
  slope(t: number, k: number): number {
    return this.values[this.offsets.sums + 2 * (t * this.K + k) + this.below(k)];
  }

  private below(k: number): 0 | 1 {
    return this.x[k] < 0 || (this.x[k] === 0 && this.side[k] < 0) ? 1 : 0;
  }

  private listParams(): void {
    const { K, C, T, kinds, owner, ownerKind, slots, values, offsets } = this;
    const isNonzero = (at: number) => values[at] !== 0 || values[at + 1] !== 0;
    for (let t = 0; t < T; t++) {
      ownerKind[t] = owner[t] < 0 ? PARAM_KIND.fixed : kinds[owner[t]];
      let count = 0;
      for (let k = 1; k < K; k++) if (isNonzero(offsets.sums + 2 * (t * K + k))) this.summed[t * K + count++] = k;
      this.nSummed[t] = count;
    }
    for (let c = 0; c < C; c++) {
      let count = 0;
      for (let k = 0; k < K; k++) {
        let acts = isNonzero(offsets.exponents + 2 * (c * K + k));
        for (let s = 0; s < SLOTS; s++) {
          const t = slots[SLOTS * c + s];
          if (t < 0) continue;
          acts ||= ownerKind[t] >= PARAM_KIND.sum ? owner[t] === k : isNonzero(offsets.sums + 2 * (t * K + k));
        }
        if (acts && kinds[k] !== PARAM_KIND.fixed) this.acting[c * K + count++] = k;
      }
      this.nActing[c] = count;
    }
  }
}
